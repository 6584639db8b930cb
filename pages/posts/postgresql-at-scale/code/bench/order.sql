-- region order
\set account random(1, 1000)
\set instrument random(1, 100)
\set lots random(1, 50)
BEGIN;
INSERT INTO orders (account_id, instrument_id, side, quantity, price, client_order_id)
VALUES (:account, :instrument, 'buy', :lots * 100, 10.25, gen_random_uuid()::text)
RETURNING order_id AS order_id \gset
INSERT INTO executions
       (trade_date, order_id, executed_at, quantity, price, venue, venue_execution_id)
VALUES (current_date, :order_id, clock_timestamp(), :lots * 100, 10.25,
        'XSIM', gen_random_uuid()::text);
UPDATE orders SET filled = quantity, status = 'filled' WHERE order_id = :order_id;
COMMIT;
-- endregion order

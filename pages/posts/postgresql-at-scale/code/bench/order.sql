-- region order
\set account random(1, 1000)
\set instrument random(1, 2000)
\set lots random(1, 50)
\set side random(0, 1)
BEGIN;
SELECT lock_account(:account) AS lim \gset
INSERT INTO orders (trade_date, account_id, instrument_id, side, quantity, price,
                    client_order_id)
VALUES (:day, :account, :instrument, (ARRAY['buy', 'sell'])[:side + 1],
        :lots::bigint * 100, 10.25, gen_random_uuid()::text)
RETURNING order_id AS order_id \gset
SELECT sum((quantity - filled) * price) <= :lim AS fits FROM orders
WHERE trade_date = :day AND account_id = :account AND status = 'open';
INSERT INTO executions (trade_date, order_id, executed_at, quantity, price,
                        venue, venue_execution_id)
VALUES (:day, :order_id, clock_timestamp(), :lots::bigint * 100, 10.25,
        'XSIM', gen_random_uuid()::text);
COMMIT;
-- endregion order

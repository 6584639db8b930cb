\set account random(1, 1000)
INSERT INTO orders (trade_date, account_id, instrument_id, side, quantity, price, client_order_id) VALUES (:day, :account, 1, 'buy', 100, 10.25, gen_random_uuid()::text);

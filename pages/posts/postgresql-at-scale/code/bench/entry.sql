\set account random(1, 1000)
INSERT INTO orders (account_id, instrument_id, side, quantity, price, client_order_id) VALUES (:account, 1, 'buy', 100, 10.25, gen_random_uuid()::text);

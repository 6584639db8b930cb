\set account random(1, 1000)
SELECT order_id, instrument_id, quantity - filled AS left_over FROM orders WHERE trade_date = :day AND account_id = :account AND status = 'open' LIMIT 20;

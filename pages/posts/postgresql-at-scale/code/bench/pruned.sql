\set id random(1, 20000)
SELECT status FROM orders WHERE trade_date = :day AND order_id = :id;

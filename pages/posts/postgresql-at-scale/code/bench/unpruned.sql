\set id random(1, 20000)
SELECT status FROM orders WHERE order_id = :id;

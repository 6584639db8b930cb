-- A simulated firm: 1,000 accounts, 2,000 instruments.
INSERT INTO account SELECT n, 1000000000 FROM generate_series(1, 1000) AS n;
INSERT INTO instrument SELECT n, 'SYM' || n, 0.01 FROM generate_series(1, 2000) AS n;

-- A few past days, loaded without triggers: orders, each with one execution of all of it, no events.
DO $$ BEGIN
    FOR n IN 0..19 LOOP CALL add_day('2026-01-05'::date + n); COMMIT; END LOOP;
END $$;
ALTER TABLE orders DISABLE TRIGGER USER;
ALTER TABLE executions DISABLE TRIGGER USER;
INSERT INTO orders (trade_date, received_at, account_id, instrument_id, quantity, filled,
                    price, client_order_id, side, status)
SELECT day, day + interval '8 hours' + n * interval '1 second' * (30600.0 / :per_day),
       n % 997 + 1, n % 2000 + 1, 100, CASE WHEN n % 20 = 0 THEN 0 ELSE 100 END, 10 + n % 50,
       'history-' || n, CASE WHEN n % 2 = 0 THEN 'buy' ELSE 'sell' END,
       CASE WHEN n % 20 = 0 THEN 'open' ELSE 'filled' END
FROM generate_series('2026-01-05'::date, '2026-01-24'::date, '1 day') AS day,
     generate_series(1, :per_day) AS n;
INSERT INTO executions (trade_date, order_id, executed_at, quantity, price, venue,
                        venue_execution_id)
SELECT trade_date, order_id, received_at + interval '1 second', 100, price, 'XSIM',
       order_id::text
FROM orders WHERE status = 'filled';
ALTER TABLE orders ENABLE TRIGGER USER;
ALTER TABLE executions ENABLE TRIGGER USER;

CREATE TABLE executions_flat AS
SELECT executions.*, account_id FROM executions JOIN orders USING (trade_date, order_id)
ORDER BY executed_at;
CREATE TABLE orders_flat AS SELECT * FROM orders ORDER BY received_at;
VACUUM ANALYZE;

-- Orders of which one in twenty is open, and executions of twenty days, spread over each day's hours.
INSERT INTO orders (account_id, quantity, filled, instrument_id, price, client_order_id, side, status)
SELECT n % 997 + 1, 100, CASE WHEN n % 20 = 0 THEN 0 ELSE 100 END, n % 100 + 1, 10 + n % 50, 'history-' || n, 'buy',
       CASE WHEN n % 20 = 0 THEN 'open' ELSE 'filled' END
FROM generate_series(1, :orders) AS n;

CALL add_days('2026-01-05', 20);
INSERT INTO executions (trade_date, order_id, executed_at, quantity, price, venue, venue_execution_id)
SELECT day, (n * 7919) % :orders + 1, day + interval '8 hours' + n * interval '1 second' * (30600.0 / :per_day),
       100, 10 + n % 50, 'XSIM', n::text
FROM generate_series('2026-01-05'::date, '2026-01-24'::date, '1 day') AS day, generate_series(1, :per_day) AS n;

CREATE TABLE executions_flat AS SELECT * FROM executions ORDER BY executed_at;
VACUUM ANALYZE;

-- region days
CREATE PROCEDURE add_day(day date) LANGUAGE plpgsql AS $$
DECLARE
    parent text;
    suffix text := to_char(day, 'YYYYMMDD');
BEGIN
    FOREACH parent IN ARRAY ARRAY['orders', 'executions', 'order_events'] LOOP
        EXECUTE format(
            'CREATE TABLE %1$s_%2$s (LIKE %1$s INCLUDING ALL EXCLUDING IDENTITY)
             WITH (fillfactor = %3$s)', parent, suffix,
            CASE parent WHEN 'orders' THEN 80 ELSE 100 END);
        EXECUTE format(
            'ALTER TABLE %1$s ATTACH PARTITION %1$s_%2$s
             FOR VALUES FROM (%3$L) TO (%4$L)', parent, suffix, day, day + 1);
    END LOOP;
    EXECUTE format(
        'ALTER TABLE executions_%1$s ADD FOREIGN KEY (trade_date, order_id)
         REFERENCES orders_%1$s', suffix);
    COMMIT;
END $$;
-- endregion days

-- region detach
ALTER TABLE executions DETACH PARTITION executions_20260105 CONCURRENTLY;
ALTER TABLE orders DETACH PARTITION orders_20260105 CONCURRENTLY;
ALTER TABLE order_events DETACH PARTITION order_events_20260105 CONCURRENTLY;
-- endregion detach

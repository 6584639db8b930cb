-- region days
CREATE PROCEDURE add_days(first date, days integer) LANGUAGE plpgsql AS $$
DECLARE
    day date;
BEGIN
    FOR day IN SELECT first + n FROM generate_series(0, days - 1) AS n LOOP
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS executions_%s PARTITION OF executions
             FOR VALUES FROM (%L) TO (%L)', to_char(day, 'YYYYMMDD'), day, day + 1);
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS order_events_%s PARTITION OF order_events
             FOR VALUES FROM (%L) TO (%L)', to_char(day, 'YYYYMMDD'),
            day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END LOOP;
END $$;
-- endregion days

-- region detach
ALTER TABLE executions DETACH PARTITION executions_20260105 CONCURRENTLY;
-- endregion detach

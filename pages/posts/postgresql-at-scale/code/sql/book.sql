-- region index
CREATE INDEX resting ON orders (instrument_id, side, price, received_at)
    WHERE status = 'open';
CREATE INDEX open_of_account ON orders (account_id) WHERE status = 'open';
-- endregion index

-- region book
CREATE FUNCTION depth(day date, instrument integer, levels integer)
RETURNS TABLE (bid_size numeric, bid numeric, ask numeric, ask_size numeric)
LANGUAGE sql STABLE AS $$
    WITH level AS (
        SELECT side, price, sum(quantity - filled) AS size,
               row_number() OVER (PARTITION BY side ORDER BY
                   CASE side WHEN 'buy' THEN -price ELSE price END) AS n
        FROM orders
        WHERE trade_date = day AND instrument_id = instrument AND status = 'open'
        GROUP BY side, price
    )
    SELECT b.size, b.price, a.price, a.size
    FROM (SELECT * FROM level WHERE side = 'buy') AS b
    FULL JOIN (SELECT * FROM level WHERE side = 'sell') AS a USING (n)
    WHERE n <= levels ORDER BY n;
$$;

CREATE FUNCTION best(day date, instrument integer)
RETURNS TABLE (bid numeric, ask numeric) LANGUAGE sql STABLE AS $$
    SELECT (SELECT price FROM orders
            WHERE trade_date = day AND instrument_id = instrument
              AND side = 'buy' AND status = 'open'
            ORDER BY price DESC LIMIT 1),
           (SELECT price FROM orders
            WHERE trade_date = day AND instrument_id = instrument
              AND side = 'sell' AND status = 'open'
            ORDER BY price LIMIT 1);
$$;
-- endregion book

-- What happened to each order, written once, each entry sealed by the one before.

-- region events
CREATE TABLE order_events (
    trade_date  date NOT NULL,
    order_id    bigint NOT NULL,
    revision    integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor       text NOT NULL,
    image       json NOT NULL,
    seal        bytea NOT NULL,
    PRIMARY KEY (trade_date, order_id, revision)
) PARTITION BY RANGE (trade_date);

CREATE FUNCTION seal_of(previous bytea, at timestamptz, image json, actor text)
RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(concat_ws(E'\n',
        encode(previous, 'hex'),
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
        image::text, actor), 'UTF8'));
$$;
-- endregion events

-- region record
ALTER TABLE orders ADD recorded_at timestamptz, ADD seal bytea;

CREATE FUNCTION seal_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    previous bytea := coalesce(OLD.seal, '\x');
BEGIN
    NEW.revision := coalesce(OLD.revision, 0) + 1;
    NEW.recorded_at := clock_timestamp();
    NEW.seal := NULL;  -- the image is taken without it
    NEW.seal := seal_of(previous, NEW.recorded_at,
                        json_strip_nulls(row_to_json(NEW)), session_user);
    RETURN NEW;
END $$;

CREATE FUNCTION record_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    seal bytea := NEW.seal;
BEGIN
    NEW.seal := NULL;
    INSERT INTO order_events
    VALUES (NEW.trade_date, NEW.order_id, NEW.revision, NEW.recorded_at,
            session_user, json_strip_nulls(row_to_json(NEW)), seal);
    RETURN NULL;
END $$;

CREATE TRIGGER b_seal BEFORE INSERT OR UPDATE ON orders
FOR EACH ROW EXECUTE FUNCTION seal_order();
CREATE TRIGGER record AFTER INSERT OR UPDATE ON orders
FOR EACH ROW EXECUTE FUNCTION record_order();
-- endregion record

-- region rights
GRANT SELECT ON account, instrument, orders, executions, order_events TO trader;
GRANT INSERT (trade_date, account_id, instrument_id, side, quantity, price,
              client_order_id, received_at) ON orders TO trader;
GRANT UPDATE (status) ON orders TO trader;
GRANT INSERT (trade_date, order_id, executed_at, quantity, price, venue,
              venue_execution_id) ON executions TO trader;
-- endregion rights

-- region verify
CREATE VIEW broken_seals AS
SELECT trade_date, order_id, revision
FROM (
    SELECT *, lag(seal, 1, '\x') OVER chain AS previous,
              lag(revision, 1, 0) OVER chain AS revision_before
    FROM order_events
    WINDOW chain AS (PARTITION BY trade_date, order_id ORDER BY revision)
) AS chained
WHERE seal <> seal_of(previous, recorded_at, image, actor)
   OR revision <> revision_before + 1
UNION ALL
SELECT trade_date, order_id, revision FROM orders
WHERE NOT EXISTS (SELECT FROM order_events AS event
                  WHERE event.trade_date = orders.trade_date
                    AND event.order_id = orders.order_id
                    AND event.revision = orders.revision
                    AND event.seal = orders.seal);

CREATE VIEW broken_fills AS
SELECT trade_date, order_id, filled, coalesce(executed, 0) AS executed
FROM orders LEFT JOIN (
    SELECT trade_date, order_id, sum(quantity) AS executed
    FROM executions GROUP BY trade_date, order_id
) AS fills USING (trade_date, order_id)
WHERE filled <> coalesce(executed, 0);
-- endregion verify

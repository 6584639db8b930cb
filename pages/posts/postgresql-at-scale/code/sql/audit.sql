-- What happened to each order, written once, each entry sealed by the one before.

-- region events
CREATE TABLE order_events (
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    order_id    bigint NOT NULL,
    revision    integer NOT NULL,
    actor       text NOT NULL DEFAULT session_user,
    image       jsonb NOT NULL,
    seal        bytea NOT NULL,
    PRIMARY KEY (recorded_at, order_id, revision)
) PARTITION BY RANGE (recorded_at);

CREATE FUNCTION seal_of(previous bytea, at timestamptz, actor text, image jsonb)
RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(
        extract(epoch FROM at)::text || actor || image::text, 'UTF8'));
$$;
-- endregion events

-- region record
ALTER TABLE orders ADD recorded_at timestamptz, ADD seal bytea;

CREATE FUNCTION seal_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.revision := coalesce(OLD.revision, 0) + 1;
    NEW.recorded_at := clock_timestamp();
    NEW.seal := seal_of(coalesce(OLD.seal, '\x'), NEW.recorded_at, session_user,
                        to_jsonb(NEW) - '{recorded_at,seal}'::text[]);
    RETURN NEW;
END $$;

CREATE FUNCTION record_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO order_events (recorded_at, order_id, revision, actor, image, seal)
    VALUES (NEW.recorded_at, NEW.order_id, NEW.revision, session_user,
            to_jsonb(NEW) - '{recorded_at,seal}'::text[], NEW.seal);
    RETURN NULL;
END $$;

CREATE TRIGGER seal_order BEFORE INSERT OR UPDATE ON orders
FOR EACH ROW EXECUTE FUNCTION seal_order();
CREATE TRIGGER record_order AFTER INSERT OR UPDATE ON orders
FOR EACH ROW EXECUTE FUNCTION record_order();
-- endregion record

-- region rights
CREATE ROLE trader LOGIN;
GRANT SELECT, INSERT ON orders, executions TO trader;
GRANT UPDATE (filled, status) ON orders TO trader;
GRANT SELECT ON account, instrument, order_events TO trader;
GRANT USAGE ON SEQUENCE execution_ids TO trader;
-- endregion rights

-- region verify
CREATE VIEW broken_seals AS
SELECT order_id, revision, recorded_at
FROM (
    SELECT *, lag(seal, 1, '\x') OVER chain AS previous,
              lag(revision, 1, 0) OVER chain AS revision_before
    FROM order_events
    WINDOW chain AS (PARTITION BY order_id ORDER BY revision)
) AS chained
WHERE seal <> seal_of(previous, recorded_at, actor, image)
   OR revision <> revision_before + 1
UNION ALL
SELECT order_id, revision, NULL FROM orders
WHERE NOT EXISTS (SELECT FROM order_events AS event
                  WHERE event.order_id = orders.order_id
                    AND event.revision = orders.revision AND event.seal = orders.seal);
-- endregion verify

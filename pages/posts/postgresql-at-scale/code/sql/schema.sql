-- The current state of orders, and what the venue executed.

-- region reference
CREATE TABLE account (
    account_id  bigint PRIMARY KEY,
    order_limit numeric(18, 2) NOT NULL CHECK (order_limit >= 0)
);

CREATE TABLE instrument (
    instrument_id integer PRIMARY KEY,
    symbol        text NOT NULL UNIQUE,
    tick          numeric(12, 6) NOT NULL CHECK (tick > 0)
);
-- endregion reference

-- region orders
CREATE TABLE orders (
    order_id        bigint GENERATED ALWAYS AS IDENTITY,
    account_id      bigint NOT NULL REFERENCES account,
    received_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    quantity        bigint NOT NULL CHECK (quantity > 0),
    filled          bigint NOT NULL DEFAULT 0,
    trade_date      date NOT NULL,
    instrument_id   integer NOT NULL REFERENCES instrument,
    revision        integer NOT NULL DEFAULT 1,
    price           numeric(18, 6) NOT NULL CHECK (price > 0),
    client_order_id text NOT NULL CHECK (length(client_order_id) BETWEEN 1 AND 36),
    side            text NOT NULL CHECK (side IN ('buy', 'sell')),
    status          text NOT NULL DEFAULT 'open'
                    CHECK (status IN ('open', 'filled', 'cancelled')),
    PRIMARY KEY (trade_date, order_id),
    UNIQUE (trade_date, account_id, client_order_id),
    CHECK (filled BETWEEN 0 AND quantity),
    CHECK ((status = 'filled') = (filled = quantity))
) PARTITION BY RANGE (trade_date);
-- endregion orders

-- region executions
CREATE TABLE executions (
    execution_id       bigint GENERATED ALWAYS AS IDENTITY,
    order_id           bigint NOT NULL,
    executed_at        timestamptz NOT NULL,
    quantity           bigint NOT NULL CHECK (quantity > 0),
    trade_date         date NOT NULL,
    price              numeric(18, 6) NOT NULL CHECK (price > 0),
    venue              text NOT NULL,
    venue_execution_id text NOT NULL,
    PRIMARY KEY (trade_date, execution_id),
    UNIQUE (trade_date, venue, venue_execution_id)
) PARTITION BY RANGE (trade_date);
CREATE INDEX ON executions (order_id);
-- endregion executions

-- region guard
CREATE FUNCTION guard_order() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.price % (SELECT tick FROM instrument AS i
                        WHERE i.instrument_id = NEW.instrument_id) <> 0 THEN
            RAISE check_violation USING MESSAGE = 'the price is off the tick';
        END IF;
    ELSIF OLD.status <> 'open' THEN
        RAISE check_violation USING MESSAGE = 'the order was ' || OLD.status;
    ELSIF NEW.filled < OLD.filled THEN
        RAISE check_violation USING MESSAGE = 'a fill cannot be taken back';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION apply_execution() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE orders
    SET filled = filled + NEW.quantity,
        status = CASE filled + NEW.quantity
                 WHEN quantity THEN 'filled' ELSE status END
    WHERE trade_date = NEW.trade_date AND order_id = NEW.order_id;
    RETURN NULL;
END $$;
-- endregion guard

CREATE TRIGGER a_guard BEFORE INSERT OR UPDATE ON orders
FOR EACH ROW EXECUTE FUNCTION guard_order();
CREATE TRIGGER apply AFTER INSERT ON executions
FOR EACH ROW EXECUTE FUNCTION apply_execution();

-- region lock
CREATE FUNCTION lock_account(wanted bigint) RETURNS numeric
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT order_limit FROM account WHERE account_id = wanted
    FOR NO KEY UPDATE;
END;
-- endregion lock

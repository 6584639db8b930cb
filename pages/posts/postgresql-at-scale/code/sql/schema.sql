-- The current state of orders, what the venue executed, and who may do what.

CREATE TABLE account (
    account_id    bigint PRIMARY KEY,
    order_limit   numeric(18, 2) NOT NULL CHECK (order_limit >= 0)
);

CREATE TABLE instrument (
    instrument_id integer PRIMARY KEY,
    symbol        text NOT NULL UNIQUE,
    tick          numeric(12, 6) NOT NULL CHECK (tick > 0)
);

-- region orders
CREATE TABLE orders (
    order_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id      bigint NOT NULL REFERENCES account,
    received_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    quantity        bigint NOT NULL CHECK (quantity > 0),
    filled          bigint NOT NULL DEFAULT 0,
    instrument_id   integer NOT NULL REFERENCES instrument,
    revision        integer NOT NULL DEFAULT 1,
    price           numeric(18, 6) NOT NULL CHECK (price > 0),
    client_order_id text NOT NULL CHECK (length(client_order_id) BETWEEN 1 AND 36),
    side            text NOT NULL CHECK (side IN ('buy', 'sell')),
    status          text NOT NULL DEFAULT 'open'
                    CHECK (status IN ('open', 'filled', 'cancelled')),
    UNIQUE (account_id, client_order_id),
    CHECK (filled BETWEEN 0 AND quantity),
    CHECK ((status = 'filled') = (filled = quantity))
) WITH (fillfactor = 80);
-- endregion orders

-- region executions
CREATE SEQUENCE execution_ids;

CREATE TABLE executions (
    execution_id       bigint NOT NULL DEFAULT nextval('execution_ids'),
    order_id           bigint NOT NULL REFERENCES orders,
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

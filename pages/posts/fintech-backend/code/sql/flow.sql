-- Requests, events, outbox, inbox, signatures: everything around the ledger.

-- region events
CREATE TABLE event (
  stream   uuid NOT NULL,        -- the payment
  version  integer NOT NULL CHECK (version >= 1),
  previous integer GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
  kind     text NOT NULL,
  schema   smallint NOT NULL,
  body     jsonb NOT NULL,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  place    bigint GENERATED ALWAYS AS IDENTITY,
  made_in  xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (stream, version),
  FOREIGN KEY (stream, previous) REFERENCES event (stream, version)
);
CREATE INDEX ON event (made_in, place);

CREATE TABLE snapshot (
  stream  uuid NOT NULL,
  version integer NOT NULL,
  code    text NOT NULL,         -- digest of the code that folded it
  state   jsonb NOT NULL,
  PRIMARY KEY (stream, code)
);
-- endregion events

-- region outbox
CREATE TABLE request (
  client      text NOT NULL,
  key         text NOT NULL CHECK (length(key) BETWEEN 16 AND 100),
  fingerprint bytea NOT NULL,    -- of what was asked
  payment     uuid NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (client, key)
);

CREATE TABLE outbox (
  payment  uuid PRIMARY KEY REFERENCES hold (id),  -- nothing is sent that is not held
  rail     text NOT NULL,
  body     jsonb NOT NULL,
  due      timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts integer NOT NULL DEFAULT 0,
  done_at  timestamptz
);
CREATE INDEX ON outbox (due) WHERE done_at IS NULL;

CREATE TABLE inbox (
  source text NOT NULL,
  id     text NOT NULL,          -- the sender's id of the event
  body   jsonb NOT NULL,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (source, id)
);
-- endregion outbox

-- region projection
CREATE TABLE payment_view (
  payment  uuid PRIMARY KEY,
  customer uuid NOT NULL,
  state    text NOT NULL,
  rail     text NOT NULL,
  way      text NOT NULL,
  amount   minor_units NOT NULL,
  currency text NOT NULL,
  depth    integer NOT NULL,
  version  integer NOT NULL,
  since    timestamptz NOT NULL
);
CREATE TABLE projection (
  name    text PRIMARY KEY,
  made_in xid8 NOT NULL DEFAULT '0',
  place   bigint NOT NULL DEFAULT 0
);
-- endregion projection
CREATE INDEX ON payment_view (state, since);

-- region signing
CREATE TABLE approval (
  payment   uuid NOT NULL REFERENCES hold (id),
  person    text NOT NULL,
  signature bytea NOT NULL,      -- over payment, amount, token, chain and address
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (payment, person)
);

CREATE TABLE nonce (
  payment uuid PRIMARY KEY REFERENCES hold (id),       -- one, for good
  wallet  text NOT NULL,
  value   bigint NOT NULL CHECK (value >= 0),
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (wallet, value)
);

CREATE TABLE signature (
  payment uuid NOT NULL REFERENCES nonce,
  attempt smallint NOT NULL CHECK (attempt >= 1),      -- each offers more
  max_fee numeric NOT NULL,      -- wei for each gas, at most
  tip     numeric NOT NULL,
  raw     bytea NOT NULL,
  tx_hash bytea NOT NULL UNIQUE,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (payment, attempt)
);
-- endregion signing

CREATE TABLE fee_wish (          -- a worker's; the signer decides
  payment uuid NOT NULL REFERENCES nonce,
  attempt smallint NOT NULL CHECK (attempt >= 2),
  max_fee numeric NOT NULL,
  tip     numeric NOT NULL,
  PRIMARY KEY (payment, attempt)
);

CREATE VIEW chain_order AS       -- what the signer may see of an order: no name, no IBAN
  SELECT outbox.payment, due, (outbox.body ->> 'minor')::numeric AS minor,
    payee.body ->> 'address' AS address
  FROM outbox JOIN payee ON payee.payment = outbox.payment
  WHERE rail = 'chain';

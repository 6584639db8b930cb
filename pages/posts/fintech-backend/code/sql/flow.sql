-- Customers, requests, events, outbox, inbox, signatures: everything around the ledger.

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

CREATE TABLE customer (
  id     uuid PRIMARY KEY,
  name   bytea NOT NULL,         -- encrypted with the customer's own key
  key    bytea NOT NULL,         -- that key, wrapped by the key in the HSM
  kek    text NOT NULL,          -- which one
  day_limit minor_units NOT NULL
);
CREATE FUNCTION lock_customer(wanted uuid) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT FROM customer WHERE id = wanted FOR UPDATE $$;

CREATE TABLE address_proof (
  customer uuid NOT NULL REFERENCES customer,
  address  text NOT NULL,
  message  text NOT NULL,
  signature bytea NOT NULL,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (customer, address)
);

-- region signing
CREATE TABLE approval (
  payment uuid NOT NULL REFERENCES hold (id),
  person  text NOT NULL,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (payment, person)
);

CREATE TABLE signature (
  payment uuid PRIMARY KEY REFERENCES hold (id),       -- signed once, sent as often as needed
  wallet  text NOT NULL,
  nonce   bigint NOT NULL CHECK (nonce >= 0),
  raw     bytea NOT NULL,
  tx_hash bytea NOT NULL UNIQUE,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (wallet, nonce)
);
-- endregion signing

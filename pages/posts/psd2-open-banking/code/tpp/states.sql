-- What we know of consents, payments, tokens. No move but a listed one is possible.
-- region schema
CREATE TABLE thing (
  id        TEXT PRIMARY KEY,          -- ours, made before anything is sent
  kind      TEXT NOT NULL CHECK (kind IN ('consent', 'payment', 'token')),
  customer  TEXT NOT NULL,
  bank      TEXT NOT NULL,
  state     TEXT NOT NULL,
  ticket    TEXT UNIQUE,               -- the `state` of a redirect: used once
  their_id  TEXT,                      -- the bank's id, once it has told us
  sca       TEXT,                      -- link to the authentication under way
  renewed   TEXT,                      -- when the customer last authenticated
  detail    TEXT NOT NULL DEFAULT '{}',
  moved     TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE (bank, their_id)
);
CREATE TABLE move (
  kind TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
  PRIMARY KEY (kind, before, after)
);
CREATE TRIGGER only_listed_moves BEFORE UPDATE OF state ON thing
WHEN NOT EXISTS (
  SELECT 1 FROM move
  WHERE kind = OLD.kind AND before = OLD.state AND after = NEW.state
) BEGIN
  SELECT RAISE(ABORT, 'no such move');
END;
CREATE TRIGGER the_order_stays BEFORE UPDATE OF detail ON thing
WHEN OLD.kind = 'payment' BEGIN
  SELECT RAISE(ABORT, 'amount and payee never change');
END;
-- endregion schema
-- region moves
INSERT INTO move (kind, before, after) VALUES
  ('consent', 'drafted', 'waiting'),   -- the bank has it, the customer decides
  ('consent', 'drafted', 'failed'),
  ('consent', 'waiting', 'valid'),
  ('consent', 'waiting', 'refused'),
  ('consent', 'waiting', 'expired'),
  ('consent', 'valid', 'stale'),       -- 180 days since the customer authenticated
  ('consent', 'stale', 'valid'),
  ('consent', 'valid', 'expired'), ('consent', 'stale', 'expired'),
  ('consent', 'valid', 'revoked'), ('consent', 'stale', 'revoked'),
  ('consent', 'valid', 'ended'),   ('consent', 'stale', 'ended'),
  ('payment', 'drafted', 'sent'),
  ('payment', 'sent', 'waiting'),
  ('payment', 'sent', 'unknown'),      -- no answer came
  ('payment', 'sent', 'failed'),       -- refused, or never arrived
  ('payment', 'unknown', 'sent'),      -- asked again under the same X-Request-ID
  ('payment', 'unknown', 'abandoned'), -- nobody can authorise it any more
  ('payment', 'waiting', 'accepted'),
  ('payment', 'waiting', 'rejected'),
  ('payment', 'waiting', 'cancelled'),
  ('payment', 'accepted', 'paid'),
  ('payment', 'accepted', 'rejected'), ('payment', 'accepted', 'cancelled'),
  ('token', 'fresh', 'refreshing'),
  ('token', 'refreshing', 'fresh'),
  ('token', 'refreshing', 'dead'), ('token', 'fresh', 'dead');
-- endregion moves

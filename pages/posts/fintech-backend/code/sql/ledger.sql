-- The ledger: accounts, postings, entries, balances, holds. Owned by `books`.

-- region money
CREATE DOMAIN minor_units AS numeric
  CHECK (VALUE = trunc(VALUE) AND abs(VALUE) < 1e38);

CREATE TABLE currency (
  code  text PRIMARY KEY,
  scale smallint NOT NULL CHECK (scale BETWEEN 0 AND 18)
);

CREATE TABLE account (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code     text NOT NULL UNIQUE,
  currency text NOT NULL REFERENCES currency,
  side     smallint NOT NULL CHECK (side IN (1, -1)),  -- 1: debits add, -1: credits add
  floored  boolean NOT NULL,                           -- must never fall below zero
  holds    boolean NOT NULL DEFAULT false,             -- moves with a hold only
  UNIQUE (id, currency)
);
-- endregion money

-- region entries
CREATE TABLE posting (
  id        uuid PRIMARY KEY,
  cause     text NOT NULL UNIQUE,  -- 'settle:<payment>': the same cause books once
  made_in   xid8 NOT NULL DEFAULT pg_current_xact_id(),
  booked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE entry (
  posting  uuid NOT NULL REFERENCES posting,
  account  bigint NOT NULL,
  currency text NOT NULL,
  amount   minor_units NOT NULL CHECK (amount <> 0),   -- debit > 0, credit < 0
  PRIMARY KEY (posting, account),
  FOREIGN KEY (account, currency) REFERENCES account (id, currency)
);
CREATE INDEX ON entry (account);

CREATE TABLE balance (                                 -- of floored accounts only
  account bigint PRIMARY KEY REFERENCES account,
  amount  minor_units NOT NULL DEFAULT 0,
  CONSTRAINT enough CHECK (amount >= 0)
);
-- endregion entries

CREATE FUNCTION new_balance() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.floored THEN
    INSERT INTO balance (account) VALUES (NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER new_balance AFTER INSERT ON account
  FOR EACH ROW EXECUTE FUNCTION new_balance();

-- region moves
CREATE FUNCTION move_balance() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT made_in FROM posting WHERE id = NEW.posting) <> pg_current_xact_id() THEN
    RAISE EXCEPTION 'posting % is closed', NEW.posting
      USING ERRCODE = 'check_violation';
  END IF;
  UPDATE balance SET amount = balance.amount + NEW.amount * account.side
  FROM account
  WHERE account.id = NEW.account AND balance.account = NEW.account;
  RETURN NULL;
END $$;
CREATE TRIGGER move_balance AFTER INSERT ON entry
  FOR EACH ROW EXECUTE FUNCTION move_balance();
-- endregion moves

-- region balanced
CREATE FUNCTION check_balanced() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wanted uuid := to_jsonb(NEW) ->> TG_ARGV[0];
  sums   numeric[];
BEGIN
  SELECT array_agg(total) INTO sums FROM (
    SELECT sum(amount) AS total FROM entry WHERE posting = wanted GROUP BY currency
  ) AS by_currency;
  IF sums IS NULL OR 0 <> ANY (sums) THEN
    RAISE EXCEPTION 'posting % does not balance', wanted
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER has_entries AFTER INSERT ON posting
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_balanced('id');
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON entry
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_balanced('posting');
-- endregion balanced

-- region decisions
CREATE TABLE ruleset (
  digest bytea PRIMARY KEY,      -- sha256 of the text
  text   text NOT NULL,
  loaded timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE decision (
  id      uuid PRIMARY KEY,
  subject uuid NOT NULL,         -- a payment, or a customer
  stage   text NOT NULL,
  ruleset bytea NOT NULL REFERENCES ruleset,
  facts   jsonb NOT NULL,        -- all that the rules looked at
  outcome text NOT NULL CHECK (outcome IN ('allow', 'review', 'refuse')),
  hits    jsonb NOT NULL,        -- the rules that fired
  by      text NOT NULL,         -- 'rules', or the person who reviewed
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (id, subject, outcome)
);
CREATE INDEX ON decision (subject, at);
-- endregion decisions

-- region holds
CREATE TABLE hold (
  id       uuid PRIMARY KEY,     -- the payment's
  customer uuid NOT NULL,
  held     bigint NOT NULL REFERENCES account,
  amount   minor_units NOT NULL CHECK (amount > 0),
  posting  uuid NOT NULL UNIQUE REFERENCES posting,
  eur_cents bigint NOT NULL CHECK (eur_cents >= 0),   -- counts against the limit
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  decision uuid NOT NULL UNIQUE,
  outcome  text NOT NULL GENERATED ALWAYS AS ('allow') STORED,
  FOREIGN KEY (decision, id, outcome) REFERENCES decision (id, subject, outcome)
);

CREATE INDEX ON hold (customer, at);

CREATE TABLE hold_end (
  hold    uuid PRIMARY KEY REFERENCES hold,            -- one end, or none yet
  how     text NOT NULL CHECK (how IN ('captured', 'released')),
  posting uuid NOT NULL UNIQUE REFERENCES posting
);

CREATE VIEW held_move AS         -- every movement of held money that a hold explains
  SELECT posting, held AS account, -amount AS amount FROM hold
  UNION ALL
  SELECT hold_end.posting, held, amount
  FROM hold_end JOIN hold ON hold.id = hold_end.hold;
-- endregion holds

-- region held
CREATE FUNCTION check_held() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    (SELECT posting, account, amount FROM held_move WHERE posting = NEW.posting
     EXCEPT SELECT posting, account, amount FROM entry WHERE posting = NEW.posting)
    UNION ALL
    (SELECT posting, account, amount
     FROM entry JOIN account ON account.id = entry.account
     WHERE posting = NEW.posting AND account.holds
     EXCEPT SELECT posting, account, amount FROM held_move WHERE posting = NEW.posting)
  ) THEN
    RAISE EXCEPTION 'posting % moves held money without its hold', NEW.posting
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER held AFTER INSERT ON entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_held();
CREATE CONSTRAINT TRIGGER held AFTER INSERT ON hold
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_held();
CREATE CONSTRAINT TRIGGER held AFTER INSERT ON hold_end
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_held();
-- endregion held

-- What names or identifies people, apart from the ledger, the events and the outbox.

-- region people
CREATE TABLE customer (
  id     uuid PRIMARY KEY,
  name   bytea NOT NULL,         -- encrypted with the customer's own key
  key    bytea NOT NULL,         -- that key, wrapped by the key in the HSM
  kek    text NOT NULL,          -- which one
  day_limit minor_units NOT NULL,
  closed timestamptz             -- from then on, nothing is paid out
);

CREATE TABLE payee (
  payment  uuid PRIMARY KEY,
  customer uuid NOT NULL REFERENCES customer,
  body     jsonb NOT NULL        -- a name and an IBAN, or an address on a chain
);
CREATE INDEX ON payee (customer);
-- endregion people

-- region proofs
CREATE TABLE challenge (         -- taken out by the first answer, right or wrong
  nonce    text PRIMARY KEY,
  customer uuid NOT NULL REFERENCES customer,
  address  text NOT NULL,
  message  text NOT NULL,
  until    timestamptz NOT NULL
);

CREATE TABLE address_proof (
  customer  uuid NOT NULL REFERENCES customer,
  address   text NOT NULL,
  message   text NOT NULL UNIQUE,
  signature bytea NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (customer, address)
);
-- endregion proofs

CREATE FUNCTION lock_customer(wanted uuid) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS
$$ SELECT FROM customer WHERE id = wanted FOR UPDATE $$;

CREATE FUNCTION keeps_money(wanted uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM balance JOIN account ON account.id = balance.account
                 WHERE code LIKE 'customer:' || wanted || ':%' AND amount > 0)
$$;

CREATE FUNCTION close_customer(wanted uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM lock_customer(wanted);
  IF keeps_money(wanted) THEN
    RAISE EXCEPTION 'customer % still has money here', wanted
      USING ERRCODE = 'check_violation';
  END IF;
  UPDATE customer SET closed = coalesce(closed, clock_timestamp()) WHERE id = wanted;
END $$;

-- region forget
CREATE FUNCTION forget(wanted uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM customer
  WHERE id = wanted AND closed < clock_timestamp() - interval '5 years' FOR UPDATE;
  IF NOT FOUND OR keeps_money(wanted) THEN
    RAISE EXCEPTION 'what is known of customer % has to be kept', wanted
      USING ERRCODE = 'check_violation';
  END IF;
  UPDATE customer SET key = '', kek = '', name = '' WHERE id = wanted;
  DELETE FROM request USING payee   -- a fingerprint gives an IBAN to whoever guesses
  WHERE request.payment = payee.payment AND payee.customer = wanted;
  DELETE FROM payee WHERE customer = wanted;
  DELETE FROM challenge WHERE customer = wanted;
  DELETE FROM address_proof WHERE customer = wanted;
END $$;
-- endregion forget

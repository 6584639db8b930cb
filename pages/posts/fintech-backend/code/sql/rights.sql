-- region rights
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO app, auditor;
GRANT INSERT (id, cause) ON posting TO app;          -- not made_in, not booked_at
GRANT INSERT (id, subject, stage, ruleset, facts, outcome, hits, by) ON decision TO app;
GRANT INSERT (stream, version, kind, schema, body) ON event TO app;
GRANT INSERT ON account, entry, hold, hold_end, ruleset, snapshot, request, outbox,
  inbox, payee, challenge, address_proof, approval, fee_wish,
  payment_view, projection TO app;
GRANT INSERT (id, name, key, kek, day_limit) ON customer TO app;  -- not closed
GRANT UPDATE (due, attempts, done_at) ON outbox TO app;
GRANT UPDATE (state, depth, version, since) ON payment_view TO app;
GRANT UPDATE (made_in, place) ON projection TO app;
GRANT UPDATE (version, state) ON snapshot TO app;
GRANT UPDATE (max_fee, tip) ON fee_wish TO app;
GRANT DELETE ON payment_view, snapshot, projection TO app;   -- they can be made again
GRANT DELETE ON challenge TO app;                            -- answered once
GRANT EXECUTE ON FUNCTION lock_customer, close_customer TO app;
GRANT EXECUTE ON FUNCTION forget TO eraser;

GRANT SELECT ON hold, hold_end, decision, approval, chain_order, nonce, signature,
  fee_wish TO signer;
GRANT INSERT ON nonce, signature TO signer;
GRANT SELECT (id, key, kek), UPDATE (key, kek) ON customer TO signer;  -- rotation
-- endregion rights

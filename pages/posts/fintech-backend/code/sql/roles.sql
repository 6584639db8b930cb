-- region roles
CREATE ROLE books LOGIN;      -- owns the tables; migrations only, no program logs in as it
CREATE ROLE app LOGIN;        -- the backend: appends, never rewrites
CREATE ROLE signer LOGIN;     -- reads what it needs to refuse a signature, writes signatures
CREATE ROLE auditor LOGIN;    -- reads everything, writes nothing
CREATE ROLE eraser LOGIN;     -- forgets a customer when the law allows it, sees nothing

ALTER ROLE app SET statement_timeout = '5s';
ALTER ROLE app SET lock_timeout = '2s';
ALTER ROLE app SET idle_in_transaction_session_timeout = '10s';
-- endregion roles

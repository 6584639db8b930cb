-- region queue
CREATE TABLE settlement_job (
    job_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    execution_id bigint NOT NULL UNIQUE,
    due_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts     integer NOT NULL DEFAULT 0,
    settled_by   text,
    trouble      text
) WITH (fillfactor = 50);
CREATE INDEX settlement_due ON settlement_job (due_at)
    WHERE settled_by IS NULL AND attempts < 5;

GRANT SELECT, UPDATE (due_at, attempts, settled_by, trouble)
    ON settlement_job TO settler;
GRANT INSERT (execution_id) ON settlement_job TO trader;
-- endregion queue

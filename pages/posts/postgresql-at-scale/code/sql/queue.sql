CREATE TABLE settlement_job (
    job_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    execution_id bigint NOT NULL UNIQUE,
    settled_by   integer
);
CREATE INDEX settlement_job_waiting ON settlement_job (job_id) WHERE settled_by IS NULL;

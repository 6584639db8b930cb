-- region roles
CREATE ROLE desk       LOGIN;                -- owns the tables, enters no orders
CREATE ROLE trader     LOGIN;                -- enters orders, books executions
CREATE ROLE settler    LOGIN;                -- works the queue
CREATE ROLE auditor    LOGIN IN ROLE pg_read_all_data;
CREATE ROLE replicator LOGIN REPLICATION;    -- replica and base backup
CREATE ROLE watcher    LOGIN IN ROLE pg_monitor;

ALTER ROLE trader SET statement_timeout = '5s';
ALTER ROLE trader SET lock_timeout = '2s';
ALTER ROLE trader SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE trader SET plan_cache_mode = force_custom_plan;
-- endregion roles

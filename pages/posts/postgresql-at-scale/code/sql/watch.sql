-- region activity
SELECT pid, usename, state, wait_event_type, wait_event,
       now() - xact_start AS open_for, pg_blocking_pids(pid) AS blocked_by
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND xact_start < now() - interval '5 seconds'
ORDER BY xact_start;
-- endregion activity

-- region horizon
SELECT 'session ' || pid AS holder,
       greatest(age(backend_xmin), age(backend_xid)) AS transactions
FROM pg_stat_activity WHERE coalesce(backend_xmin, backend_xid) IS NOT NULL
UNION ALL
SELECT 'slot ' || slot_name, greatest(age(xmin), age(catalog_xmin))
FROM pg_replication_slots WHERE coalesce(xmin, catalog_xmin) IS NOT NULL
UNION ALL
SELECT 'prepared ' || gid, age(transaction) FROM pg_prepared_xacts
UNION ALL
SELECT 'database ' || datname, age(datfrozenxid) FROM pg_database
UNION ALL
SELECT 'multixacts of ' || datname, mxid_age(datminmxid) FROM pg_database
ORDER BY transactions DESC;
-- endregion horizon

-- region tables
SELECT relname, n_live_tup, n_dead_tup, last_autovacuum,
       round(100.0 * n_tup_hot_upd / nullif(n_tup_upd, 0)) AS hot_percent
FROM pg_stat_user_tables ORDER BY n_dead_tup DESC LIMIT 10;
-- endregion tables

-- region replicas
SELECT application_name, state, sync_state,
       pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) AS bytes_behind, replay_lag
FROM pg_stat_replication;

SELECT slot_name, active, wal_status,
       pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS bytes_kept
FROM pg_replication_slots;

SELECT archived_count, failed_count, last_archived_time FROM pg_stat_archiver;
-- endregion replicas

-- region statements
SELECT calls, round(total_exec_time) AS total_ms,
       round(mean_exec_time::numeric, 3) AS mean_ms,
       wal_bytes, left(query, 60) AS query
FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 10;
-- endregion statements

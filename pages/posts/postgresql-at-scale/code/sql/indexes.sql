-- region indexes
CREATE INDEX at_btree ON executions_flat (executed_at);
CREATE INDEX at_brin ON executions_flat USING brin (executed_at)
    WITH (pages_per_range = 32);
CREATE INDEX fills_by_account ON executions_flat (account_id)
    INCLUDE (quantity, price);
CREATE INDEX orders_all ON orders_flat (account_id, instrument_id);
CREATE INDEX orders_open ON orders_flat (account_id, instrument_id)
    WHERE status = 'open';
-- endregion indexes

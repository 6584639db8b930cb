-- region indexes
CREATE INDEX executions_at_btree ON executions_flat (executed_at);
CREATE INDEX executions_at_brin  ON executions_flat USING brin (executed_at)
    WITH (pages_per_range = 32);
CREATE INDEX executions_by_order ON executions_flat (order_id)
    INCLUDE (quantity, price);
CREATE INDEX orders_all  ON orders (account_id, instrument_id);
CREATE INDEX orders_open ON orders (account_id, instrument_id)
    WHERE status = 'open';
-- endregion indexes

"""A till for crypto payments: invoices, a watcher of the chain, webhooks and books."""

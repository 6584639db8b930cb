"""The chat service: history, rights, and its way to the brokers."""

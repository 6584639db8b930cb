"""Registries: what articles may name, and what is said of it, read from a file of tables."""

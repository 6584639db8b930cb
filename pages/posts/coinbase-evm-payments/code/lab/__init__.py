"""A chain of our own, people who pay, and the keys that a server must not have."""

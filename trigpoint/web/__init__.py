"""A question, a template, a response."""

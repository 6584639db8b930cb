"""Markdown text becomes a Document."""

"""Failures that are caused on purpose."""

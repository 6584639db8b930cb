"""Pixels and lines: pictures and their variants, drawn covers, social cards."""

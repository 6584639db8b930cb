"""The addresses of files: what a view gives that is no page."""

"""Template languages within Markdown: what their tags mean, as Markdown."""

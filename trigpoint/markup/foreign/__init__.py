"""What other generators understand inside Markdown, read as what it means, line for line."""

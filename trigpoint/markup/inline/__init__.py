"""What stands inside a line of Markdown, read as CommonMark and GitHub read it."""

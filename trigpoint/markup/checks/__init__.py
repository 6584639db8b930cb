"""What of a body is doubtful: marks of other dialects, HTML that shows nothing, targets that are none."""

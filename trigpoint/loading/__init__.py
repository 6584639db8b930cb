"""Files become the next Library."""

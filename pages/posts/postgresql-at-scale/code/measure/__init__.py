"""Each module holds one experiment: it asserts what the article says, and returns its figures."""

"""Each module holds one experiment: it asserts what the article says, and returns the figures that it quotes."""

"""Which part of the sources a check is asked about, and what is done with what it finds."""

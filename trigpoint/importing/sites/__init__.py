"""One module for each generator or platform: its files become Entries with the addresses that they had."""

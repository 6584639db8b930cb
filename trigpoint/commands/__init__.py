"""The commands of the terminal: what they are called, say and end with."""

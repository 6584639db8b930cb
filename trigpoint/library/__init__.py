"""The immutable snapshot of all that is published, which answers the views' questions."""

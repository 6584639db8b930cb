"""What single themes and platforms write, and no dialect as a whole."""

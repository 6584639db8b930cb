"""Front matter: one file becomes a Post, a Page or its Faults."""

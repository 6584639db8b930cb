"""Workers in three languages, and the queues between them."""

"""A release becomes the objects of a store, and others are told of what it changed."""

"""The Library becomes a release."""

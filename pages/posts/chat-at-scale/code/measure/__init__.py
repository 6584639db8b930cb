"""What is measured, and what is computed from it."""

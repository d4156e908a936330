"""Service clients and their tokens."""

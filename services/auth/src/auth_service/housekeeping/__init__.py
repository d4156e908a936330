"""Forgets what is of no more use."""

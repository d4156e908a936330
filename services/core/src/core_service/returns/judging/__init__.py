"""Judging the rows of returns by themselves, before the registry is asked."""

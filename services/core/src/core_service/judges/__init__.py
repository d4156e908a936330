"""Judges beyond their names: where they are posted, and merging two records of one person."""

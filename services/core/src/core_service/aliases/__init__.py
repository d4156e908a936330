"""Spellings seen in returns, and the reference row that each of them means."""

"""Masijala gateway: one policy, and the edges that ask it."""

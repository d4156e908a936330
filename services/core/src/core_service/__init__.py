"""Masijala core: the court registry."""

"""Maker-checker: changes that clerks propose and administrators approve."""

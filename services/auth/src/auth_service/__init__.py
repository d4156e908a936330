"""Masijala auth service: the only issuer of user tokens."""

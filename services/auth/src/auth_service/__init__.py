"""Masijala auth: issues and revokes tokens, owns users, sessions and the security audit log."""

"""Signing in through a directory (OpenID Connect): accounts, groups and providers."""

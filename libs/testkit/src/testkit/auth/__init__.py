"""Test support for auth; nothing that is deployed imports it."""

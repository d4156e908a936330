"""Endpoints of changes that need approval, and of the requests for them."""

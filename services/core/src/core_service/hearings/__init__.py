"""Hearings: what was planned and what happened, and the lists that registries print from them."""

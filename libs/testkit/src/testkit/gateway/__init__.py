"""Test doubles of the gateway's surroundings; nothing that is deployed imports them."""

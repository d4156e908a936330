"""Sessions and their families of refresh tokens."""

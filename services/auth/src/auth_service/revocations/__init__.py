"""Access tokens that are refused before they expire, in Redis for the gateway."""

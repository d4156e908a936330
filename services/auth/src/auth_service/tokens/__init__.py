"""Access tokens: issuing, introspection and revocation."""

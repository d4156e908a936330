"""The security audit log: append-only, failures included."""

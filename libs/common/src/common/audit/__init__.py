"""Audit logs: append-only rows in a SHA-256 hash chain with signed checkpoints.

A service gives its table of events (`ChainTables.of`). It appends events without a position in
the chain, so that no writer waits for another. The sealer sets their positions within seconds;
`verification` detects every later change.
"""

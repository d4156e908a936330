"""Audit logs: append-only rows in a SHA-256 hash chain with signed checkpoints.

A service gives its table of events (`ChainTables.of`). It appends events without a place in the
chain, so that no writer waits for another. The sealer gives them their places within seconds;
`verification` finds every later change.
"""

"""A tamper-evident log: append-only rows in a SHA-256 hash chain with signed checkpoints.

Services append events without a place in the chain, so that no writer waits for another. The sealer
gives them their places within seconds; `verification` finds every later change.
"""

"""How often something may be tried: GCRA limits, shared by all replicas through Redis."""

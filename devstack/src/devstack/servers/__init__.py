"""Real Postgres and Valkey from wheels, for the local stack and the tests; no Docker needed."""

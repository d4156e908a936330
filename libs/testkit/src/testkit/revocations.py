"""The revocation store as auth leaves it."""

import redis

GENERATION_KEY = "rev:generation"


def declare_complete(client: redis.Redis) -> None:
    """As after auth has written every mark to this primary, named by its replication ID."""
    client.set(GENERATION_KEY, client.info("replication")["master_replid"])

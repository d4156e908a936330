"""The passwords that a Redis or Valkey takes of its default user, changed while it serves."""

from collections.abc import Sequence

from redis.exceptions import AuthenticationError

from common.redis_client import connect_redis
from common.secret_proofs import SECONDS, with_password


async def set_passwords(url: str, passwords: Sequence[str]) -> None:
    """Let the server take these and no others, whichever of them it takes now.

    Open connections go on. A server that starts again takes the one of its configuration.
    """
    for password in passwords:
        client = connect_redis(with_password(url, password), SECONDS)
        rules = ("resetpass", *(f">{each}" for each in passwords))
        try:
            await client.execute_command("ACL", "SETUSER", "default", *rules)  # type: ignore[no-untyped-call]  # of redis-py
        except AuthenticationError:
            continue
        finally:
            await client.aclose()
        return
    raise AuthenticationError("Redis takes none of its passwords")

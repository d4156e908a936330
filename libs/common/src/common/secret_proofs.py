"""Whether a secret was replaced: the new value works, and the old one is refused."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from redis.exceptions import AuthenticationError

from common.http_client import ServiceClient, basic_credentials
from common.redis_client import connect_redis
from common.secret_values import SecretValue
from common.spare_password import REFUSED

SECONDS: Final = 5


async def faults(replaced: Mapping[str, tuple[str, SecretValue]]) -> list[str]:
    """A line for each value that does not work, or works still; by name, with where it is used."""
    found = []
    for name, (url, value) in replaced.items():
        if not await works(url, value.current):
            found.append(f"{name}: the new value is refused")
        if value.previous and await works(url, value.previous):
            found.append(f"{name}: the old value works still")
    return found


async def works(url: str, secret: str) -> bool:
    """Whether a server takes this password, or auth this secret of core's client."""
    scheme = urlsplit(url).scheme
    if scheme.startswith("postgres"):
        return await asyncio.to_thread(_opens_database, with_password(url, secret))
    if scheme.startswith("redis"):
        return await _opens_redis(with_password(url, secret))
    return await _gets_a_token(url, secret)


def with_password(url: str, password: str) -> str:
    """The same URL with another password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{parts.username or ''}:{quote(password)}@{host}"
    return urlunsplit(parts._replace(netloc=netloc))


def _opens_database(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=SECONDS):
            return True
    except psycopg.OperationalError as error:
        if REFUSED in str(error):
            return False
        raise


async def _opens_redis(url: str) -> bool:
    client = connect_redis(url, SECONDS)
    try:
        return bool(await client.ping())
    except AuthenticationError:
        return False
    finally:
        await client.aclose()


async def _gets_a_token(url: str, secret: str) -> bool:
    client = ServiceClient(url, timeout_seconds=SECONDS)
    try:
        answer = await client.post(
            "/api/v1/auth/token",
            form={"grant_type": "client_credentials", "resource": "auth"},
            headers={"Authorization": basic_credentials("core", secret)},
        )
    finally:
        await client.aclose()
    return answer.status == HTTPStatus.OK

"""URLs of Redis or Valkey: of one server, or of the Sentinels that know the primary.

    redis://[user:password@]host:port/database        rediss:// with TLS, unix:// for a socket
    redis+sentinel://[user:password@]host:port[,host:port...]/service/database
                     [?sentinel_username=...&sentinel_password=...]      rediss+sentinel:// with TLS

User and password are the servers' own; Sentinels that want others get them in the query.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Self
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, SecretStr
from redis.asyncio.connection import parse_url

SENTINEL_PORT: Final = 26379
_SENTINEL: Final = "+sentinel"

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class SentinelUrl:
    """What a `redis+sentinel://` URL says, as redis-py takes it."""

    sentinels: tuple[Address, ...]
    service: str
    server: dict[str, Any]
    sentinel: dict[str, Any]

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a URL. Raises ValueError, whose text does not repeat the URL's secrets."""
        scheme, _, rest = url.partition("://")
        parts = urlsplit(f"//{rest}")
        service, _, database = parts.path.strip("/").partition("/")
        userinfo, at, hosts = parts.netloc.rpartition("@")
        if not hosts or not service:
            raise ValueError("Sentinel's URL is redis+sentinel://host:port[,host:port]/service/0")
        plain = scheme.removesuffix(_SENTINEL)
        query = f"?{parts.query}" if parts.query else ""
        options: dict[str, Any] = dict(
            parse_url(f"{plain}://{userinfo}{at}ignored/{database or 0}{query}")
        )
        tls = {"ssl": True} if plain == "rediss" else {}
        sentinel = {
            name.removeprefix("sentinel_"): options.pop(name)
            for name in ("sentinel_username", "sentinel_password")
            if name in options
        }
        # Certificates are those of both kinds of servers.
        shared = {name: value for name, value in options.items() if name.startswith("ssl_")} | tls
        for name in ("host", "port", "connection_class"):
            options.pop(name, None)
        return cls(
            sentinels=tuple(_address(host) for host in hosts.split(",")),
            service=unquote(service),
            server=options | shared,
            sentinel=sentinel | shared,
        )


def is_sentinel_url(url: str) -> bool:
    return url.partition("://")[0].endswith(_SENTINEL)


def check_redis_url(url: str) -> str:
    """The URL itself. Raises ValueError when it is none that `connect_redis` takes."""
    if is_sentinel_url(url):
        SentinelUrl.parse(url)
    else:
        parse_url(url)
    return url


def _check_secret(url: SecretStr) -> SecretStr:
    check_redis_url(url.get_secret_value())
    return url


RedisUrl = Annotated[str, AfterValidator(check_redis_url)]
SecretRedisUrl = Annotated[SecretStr, AfterValidator(_check_secret)]


def _address(host: str) -> Address:
    parts = urlsplit(f"//{host}")
    if not parts.hostname:
        raise ValueError("Sentinel's URL has an empty host")
    return parts.hostname, parts.port or SENTINEL_PORT

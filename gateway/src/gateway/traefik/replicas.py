"""The replicas of a service, by the addresses that its name has (DNS), each a server of Traefik's.

Traefik resolves a name once for each new connection: requests would stick to the replicas that
happened to be dialled, and health would be that of any one of them.
"""

import socket
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from time import sleep
from typing import Final
from urllib.parse import urlsplit

from gateway.settings import GatewaySettings
from gateway.traefik.render import write_configuration
from gateway.traefik.services import Servers, servers_of

EVERY_SECONDS: Final = 2.0
CONNECT_SECONDS: Final = 0.5
Look = Callable[[str], Sequence[str]]


def addresses(host: str) -> list[str]:
    """The addresses of a host, in one order; none while its name is unknown."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return []
    return sorted({str(entry[4][0]) for entry in found})


def resolve(servers: Servers, look: Look) -> Servers:
    """Every server by its addresses; one whose name is unknown stays under that name."""
    return {
        service: [each for url in urls for each in _resolved(url, look)]
        for service, urls in servers.items()
    }


def follow(settings: GatewaySettings, directory: Path) -> Iterator[Path]:
    """Write the configuration now, and again whenever a service's addresses have changed.

    At first by their names: before a service is there, a look-up may take many seconds.
    """
    configured: Servers = servers_of(settings)
    listed: Servers = {}
    yield from write_configuration(settings, directory, configured)
    while True:
        listed = listening(resolve(configured, addresses), listed)
        yield from write_configuration(settings, directory, listed)
        sleep(EVERY_SECONDS)


def accepts(url: str) -> bool:
    """Whether a server listens."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname, parts.port or 80), CONNECT_SECONDS):
            return True
    except OSError:
        return False


def listening(found: Servers, listed: Servers) -> Servers:
    """Without new replicas that are still starting: Traefik would send to them until it checks."""
    return {
        service: [each for each in urls if each in listed.get(service, ()) or accepts(each)] or urls
        for service, urls in found.items()
    }


def _resolved(url: str, look: Look) -> list[str]:
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port is not None else ""
    found = [f"{parts.scheme}://{_host(each)}{port}" for each in look(parts.hostname or "")]
    return found or [url]


def _host(address: str) -> str:
    return f"[{address}]" if ip_address(address).version == 6 else address  # noqa: PLR2004 - IPv6

"""The WebSocket handshake (RFC 6455, 4): which requests ask for it, and the answer to one."""

from typing import Final

from gateway.edge.exchange import Exchange
from gateway.edge.header_rules import response_headers
from gateway.edge.request_cycle import TUNNEL
from gateway.edge.tunnel import Tunnel
from gateway.edge.upstreams import UpstreamConnection
from gateway.policy.headers import HeaderMap

SWITCHING: Final = 101
UPGRADE: Final = ((b"connection", b"Upgrade"), (b"upgrade", b"websocket"))


def asks_for_websocket(method: str, headers: HeaderMap) -> bool:
    """Whether this is a handshake; any other upgrade is not passed on."""
    upgrade = headers.only(b"upgrade")
    if upgrade is None or upgrade.lower() != b"websocket" or method != "GET":
        return False
    connection = b",".join(headers.all(b"connection")).lower()
    return b"upgrade" in (token.strip() for token in connection.split(b","))


def is_switch(connection: UpstreamConnection) -> bool:
    """Whether the upstream speaks WebSocket from here on."""
    return connection.status == SWITCHING and any(
        name == b"upgrade" and value.lower() == b"websocket" for name, value in connection.headers
    )


async def run_tunnel(exchange: Exchange, connection: UpstreamConnection) -> None:
    """Tell the client that the protocol has switched, then pass bytes until one side ends."""
    tunnel = Tunnel()
    upstream, from_upstream = connection.hand_over(tunnel.upstream)
    client, from_client = exchange.scope["extensions"][TUNNEL](tunnel.client)
    tunnel.connect(client, upstream)
    exchange.status = SWITCHING
    headers = [*response_headers(connection.headers), *exchange.extra, *UPGRADE]
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    client.write(b"HTTP/1.1 101 Switching Protocols\r\n%b\r\n" % lines)
    if from_upstream:
        tunnel.upstream.data_received(from_upstream)
    if from_client:
        tunnel.client.data_received(from_client)
    try:
        await tunnel.run()
    finally:
        exchange.response_bytes = tunnel.upstream.passed_bytes

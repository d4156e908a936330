"""What holds for a whole connection: its limits, and what all its requests have in common."""

import asyncio
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How large a header block may be, and for how long a client may keep us waiting."""

    header_bytes: int = 32 * 1024
    header_seconds: float = 10.0
    idle_seconds: float = 75.0


def connection_scope(transport: asyncio.BaseTransport) -> dict[str, Any]:
    """The part of every request's ASGI scope that the connection decides."""
    peer = transport.get_extra_info("peername")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "client": (peer[0], peer[1]) if isinstance(peer, tuple) else None,
        "scheme": "https" if transport.get_extra_info("sslcontext") else "http",
        "root_path": "",
    }

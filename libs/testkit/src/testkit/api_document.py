"""The description of the whole API, as the gateway publishes it, from the code alone.

`python -m testkit.api_document` prints it.
"""

import asyncio
import sys
from typing import Any

from auth_service import app as auth_app
from auth_service.wiring import wire
from core_service import wiring as core_wiring
from core_service.app import Callers, caller_verifier, create_app
from gateway.documents.publishing import Published, describe
from gateway.routes import DEFAULT_ROUTES, RouteTable
from testkit.auth.settings import make_settings as make_auth_settings
from testkit.core.settings import make_settings as make_core_settings
from testkit.core.tokens import Issuer


async def describe_services() -> dict[str, dict[str, Any]]:
    """What each service says of itself; nothing is connected to."""
    auth = wire(make_auth_settings("postgresql://127.0.0.1:1/auth", "redis://127.0.0.1:1"))
    settings = make_core_settings("postgresql://127.0.0.1:1/core")
    core = core_wiring.wire(settings)
    callers = Callers(caller_verifier(settings, core, Issuer().resolve))
    try:
        return {
            "auth": auth_app.create_app(auth)[0].openapi(),
            "core": create_app(core, callers)[0].openapi(),
        }
    finally:
        await auth.close()
        await core.close()


def published(services: dict[str, dict[str, Any]]) -> bytes:
    """The merged document."""
    info = {"title": "Masijala", "version": "1"}
    return Published.of(describe(services, info, RouteTable(DEFAULT_ROUTES))).openapi


if __name__ == "__main__":
    sys.stdout.buffer.write(published(asyncio.run(describe_services())))

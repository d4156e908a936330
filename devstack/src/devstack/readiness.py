"""Asks a process over HTTP whether it is ready, until it is."""

import asyncio
from http import HTTPStatus
from typing import Final

from common.http_client import ServiceClient, UpstreamUnavailable

POLL_SECONDS: Final = 0.1


async def is_ready(client: ServiceClient) -> bool:
    """Whether `/readyz` answers 200 now."""
    try:
        response = await client.get("/readyz")
    except UpstreamUnavailable:
        return False
    return response.status == HTTPStatus.OK


async def until_ready(url: str, seconds: float) -> bool:
    """Poll until the process at `url` is ready (True) or the time is up (False)."""
    client = ServiceClient(url, attempts=1)
    try:
        async with asyncio.timeout(seconds):
            while not await is_ready(client):  # noqa: ASYNC110 - another process's state
                await asyncio.sleep(POLL_SECONDS)
    except TimeoutError:
        return False
    finally:
        await client.aclose()
    return True

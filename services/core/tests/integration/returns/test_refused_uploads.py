"""A caller who may not send a return is refused before the file is received."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from common.admission import AdmittingRoute
from common.composition import Units
from core_service.app import ROUTERS
from testkit.core.api import Api
from testkit.core.calls import Operation, operations
from testkit.serving import serving

SIZE: Final = 60 * 1024 * 1024
PIECE: Final = b"x" * 65_536
# What the kernel and the server take in by themselves.
SMALL: Final = SIZE // 6
PATIENCE_SECONDS: Final = 20
BOUNDARY: Final = "parts"
PART: Final = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="day.csv"\r\n'
    "Content-Type: text/csv\r\n\r\n"
).encode()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer, and how much of the body the client had sent when it arrived."""

    head: str
    body: bytes
    sent: int


async def upload(url: str, path: str, headers: dict[str, str], *, waits: bool = False) -> Refusal:
    """Send a large file until an answer comes; one who waits asks before sending any of it."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    lines = {
        "Host": address.netloc,
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(SIZE),
        **({"Expect": "100-continue"} if waits else {}),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
    answer = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
    sent = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        if waits:
            await asyncio.wait([answer])
        while not answer.done() and sent < SIZE:
            piece = PIECE if sent else PART
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
        first = (await answer).decode()
        (length,) = re.findall(r"content-length: (\d+)", first.lower())
        body = await reader.readexactly(int(length))
    writer.close()
    with suppress(ConnectionError):  # core may have reset it, with the rest of the body unread
        await writer.wait_closed()
    return Refusal(first, body, sent)


def uploads(document: dict[str, Any]) -> list[Operation]:
    """The operations that take files."""
    return [
        operation
        for operation in operations(document)
        if "multipart/form-data" in operation.spec.get("requestBody", {}).get("content", {})
    ]


def test_every_operation_that_takes_a_file_admits_its_callers_first(session_app: FastAPI) -> None:
    names = {
        f"{operation.method} /api/v1{operation.path}"
        for operation in uploads(session_app.openapi())
    }
    assert "POST /api/v1/imports" in names
    admitting = {
        f"{method} {route.path}"
        for route in _routes()
        if isinstance(route, AdmittingRoute)
        for method in route.methods or ()
    }
    assert names <= admitting


def _routes() -> list[APIRoute]:
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


@pytest.fixture
def app(session_app: FastAPI, core: Units) -> FastAPI:
    session_app.state.units = core
    return session_app


@pytest.fixture(params=["viewer", "unknown user", "no assertion"])
def refused(request: pytest.FixtureRequest, api: Api, viewer: Api) -> tuple[dict[str, str], int]:
    """The headers of a caller, and the status by which the upload is refused."""
    of_callers = {
        "viewer": (viewer._identity(), 403),
        "unknown user": (api._identity(), 401),
        "no assertion": ({}, 401),
    }
    return of_callers[request.param]


@pytest.mark.parametrize("waits", [False, True])
async def test_a_refused_upload_is_hardly_received(
    app: FastAPI, refused: tuple[dict[str, str], int], waits: bool
) -> None:
    headers, status = refused
    async with serving(app) as url:
        refusal = await upload(url, "/api/v1/imports", headers, waits=waits)
    assert refusal.head.startswith(f"HTTP/1.1 {status} ")
    assert "connection: close" in refusal.head.lower()
    assert b'"code":' in refusal.body
    assert refusal.sent < (1 if waits else SMALL)

"""Requests as an upstream of raw sockets receives them, byte by byte."""

import asyncio
import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it arrived: the head's bytes, and how a strict parser reads them."""

    raw: bytes
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def names(self) -> set[str]:
        return {key.lower() for key, _ in self.headers}

    @property
    def assertion(self) -> str:
        """The only header that identifies the caller; sent once."""
        (assertion,) = self.all("x-gateway-assertion")
        assert self.all("authorization") == []
        return assertion

    @property
    def claims(self) -> dict[str, Any]:
        """What the assertion says, unverified."""
        return _payload(self.assertion)

    @property
    def context(self) -> dict[str, str]:
        """What the policy says of the request: headers for its answer (`common.requests`)."""
        names = {
            "rid": "X-Request-ID",
            "ratelimit": "RateLimit",
            "ratelimit_policy": "RateLimit-Policy",
        }
        claims = [_payload(assertion) for assertion in self.all("x-gateway-assertion")]
        return {names[claim]: each[claim] for each in claims for claim in names if claim in each}


def _payload(assertion: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(urlsafe_b64decode(assertion.split(".")[1] + "=="))
    return payload


async def read_next(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Recorded | None:
    """The next request, strictly by RFC 9112; anything else is recorded as it is."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        return Recorded(error.partial, "", "", (), b"") if error.partial else None
    start, *lines = raw[:-4].decode("latin-1").split("\r\n")
    method, _, rest = start.partition(" ")
    headers = tuple(
        (name, value.strip()) for name, _, value in (line.partition(":") for line in lines)
    )
    fields = {name.lower(): value for name, value in headers}
    body = b""
    if fields.get("expect") == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    elif "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
    return Recorded(raw, method, rest.rpartition(" ")[0], headers, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while (size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)) > 0:
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass
    return body

"""Calls from one service to another, and to servers of others: the one module that names httpx.

Every call to a service carries the request ID and the trace of the request being served, has a time
limit, and is tried again only when trying again is harmless (RFC 9110, 9.2.2) and the failure looks
passing.
"""

import asyncio
import base64
import json as json_codec
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from time import monotonic
from typing import Any, BinaryIO, ClassVar, Final, Protocol
from urllib.parse import quote

import httpx
import stamina
from opentelemetry.propagate import inject

from common import context
from common.errors import Unavailable
from common.tracing import trace_client

IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
PASSING: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
RENEW_BEFORE_SECONDS: Final = 30.0


class UpstreamUnavailable(Unavailable):
    """Another service does not answer, or not in time."""

    code: ClassVar[str] = "upstream-unavailable"


class UpstreamRefused(Unavailable):
    """Another service answers with an error that is not the caller's fault."""

    code: ClassVar[str] = "upstream-refused"


class TokenSource(Protocol):
    """Gives the bearer token for the next call."""

    async def token(self) -> str:
        """A token that is valid for at least some seconds more."""
        ...

    def forget(self) -> None:
        """Drop the token: the other side has refused it."""
        ...


@dataclass(frozen=True, slots=True)
class ServiceResponse:
    """The answer of another service, whole."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The decoded body."""
        return json_codec.loads(self.content)

    def require(self, *statuses: int) -> "ServiceResponse":
        """This response, when its status is one of these. Raises UpstreamRefused."""
        if self.status not in statuses:
            raise UpstreamRefused(f"Another service answered {self.status}")
        return self


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file of a multipart upload."""

    name: str
    filename: str
    content: BinaryIO
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as it is to be sent."""

    method: str
    path: str
    params: Mapping[str, Any] | None = None
    json: Any = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    file: FilePart | None = None
    idempotent: bool | None = None

    @property
    def repeatable(self) -> bool:
        return self.method in IDEMPOTENT if self.idempotent is None else self.idempotent


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    # Reading the certificates takes 30 ms: once a process, not once a client.
    return httpx.create_ssl_context()


class ServiceClient:
    """A client of one service; keeps its connections until `aclose`."""

    def __init__(
        self,
        base_url: str,
        *,
        tokens: TokenSource | None = None,
        timeout_seconds: float = 2.0,
        attempts: int = 3,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._tokens = tokens
        self._attempts = attempts
        self._client = httpx.AsyncClient(
            base_url=base_url,
            timeout=timeout_seconds,
            transport=transport,
            trust_env=False,  # a proxy variable must not reroute what services tell each other
            verify=_tls_context(),
        )
        trace_client(self._client)

    async def get(self, path: str, **options: Any) -> ServiceResponse:
        """Send a GET; `options` are those of `Call`."""
        return await self.send(Call("GET", path, **options))

    async def post(self, path: str, **options: Any) -> ServiceResponse:
        """Send a POST; `options` are those of `Call`."""
        return await self.send(Call("POST", path, **options))

    async def request(self, method: str, path: str, **options: Any) -> ServiceResponse:
        """Send a request; `options` are those of `Call`."""
        return await self.send(Call(method, path, **options))

    async def send(self, call: Call) -> ServiceResponse:
        """Send a call, again where that is harmless. Raises UpstreamUnavailable."""
        attempts = self._attempts if call.repeatable else 1
        try:
            async for attempt in stamina.retry_context(
                on=(httpx.TransportError, _PassingFailure), attempts=attempts, wait_max=0.5
            ):
                with attempt:
                    return await self._once(call, last=attempt.num == attempts)
        except httpx.TransportError as error:
            raise UpstreamUnavailable("Another service does not answer") from error
        raise UpstreamUnavailable

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _once(self, call: Call, *, last: bool) -> ServiceResponse:
        response = await self._exchange(call)
        if response.status == HTTPStatus.UNAUTHORIZED and self._tokens is not None:
            # The signing key may have changed, or the secret: one try with a fresh token.
            self._tokens.forget()
            response = await self._exchange(call)
        if response.status in PASSING and not last:
            raise _PassingFailure
        return response

    async def _exchange(self, call: Call) -> ServiceResponse:
        part = call.file
        files = {part.name: (part.filename, part.content, part.media_type)} if part else None
        response = await self._client.request(
            call.method,
            call.path,
            params=call.params,
            json=call.json,
            data=call.form,
            files=files,
            headers=await self._headers(call),
        )
        return ServiceResponse(response.status_code, response.headers, response.content)

    async def _headers(self, call: Call) -> dict[str, str]:
        headers = dict(call.headers)
        request_id = context.request_id.get()
        if request_id is not None:
            headers.setdefault("X-Request-ID", request_id)
        if self._tokens is not None:
            headers["Authorization"] = f"Bearer {await self._tokens.token()}"
        inject(headers)
        return headers


class _PassingFailure(Exception):
    pass


class ForeignServer:
    """Calls to servers of others, by whole addresses: one try, no redirect, no request ID. The time
    of a call and the size of its answer are bounded. Keeps its connections until `aclose`.
    """

    def __init__(self, *, timeout_seconds: float, max_bytes: int) -> None:
        self._timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes
        self._client = httpx.AsyncClient(
            timeout=timeout_seconds, trust_env=False, verify=_tls_context()
        )

    async def send(self, call: Call) -> ServiceResponse:
        """Send a call. Raises UpstreamUnavailable, UpstreamRefused for an answer too large."""
        try:
            # httpx limits the time between two bytes alone, so that a slow answer never ends.
            async with asyncio.timeout(self._timeout_seconds):
                return await self._exchange(call)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise UpstreamUnavailable("Another server does not answer") from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _exchange(self, call: Call) -> ServiceResponse:
        # As it is sent: what is decompressed could be a thousand times as large.
        headers = {"Accept-Encoding": "identity", **call.headers}
        content = bytearray()
        async with self._client.stream(
            call.method, call.path, params=call.params, data=call.form, headers=headers
        ) as response:
            async for part in response.aiter_raw():
                content += part
                if len(content) > self._max_bytes:
                    raise UpstreamRefused("Another server's answer is too large")
            return ServiceResponse(response.status_code, response.headers, bytes(content))


class ClientCredentials:
    """Service tokens by client credentials (RFC 6749, 4.4), cached until shortly before expiry."""

    def __init__(
        self,
        client: ServiceClient,
        *,
        client_id: str,
        client_secret: str,
        resource: str,
        scope: str,
    ) -> None:
        self._client = client
        self._credentials = basic_credentials(client_id, client_secret)
        self._form = {"grant_type": "client_credentials", "resource": resource, "scope": scope}
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._renew_at = 0.0

    async def token(self) -> str:
        """A valid token; many callers at once cause one request. Raises Unavailable."""
        async with self._lock:
            if self._token is None or monotonic() >= self._renew_at:
                await self._fetch()
            if self._token is None:
                raise UpstreamRefused
            return self._token

    def forget(self) -> None:
        """Drop the cached token."""
        self._token = None

    async def _fetch(self) -> None:
        response = await self._client.post(
            "/api/v1/auth/token",
            form=self._form,
            headers={"Authorization": self._credentials},
            idempotent=True,
        )
        body = response.require(HTTPStatus.OK).json()
        self._token = str(body["access_token"])
        self._renew_at = monotonic() + float(body["expires_in"]) - RENEW_BEFORE_SECONDS


def basic_credentials(client_id: str, client_secret: str) -> str:
    """The `Authorization` value; both parts form-encoded first (RFC 6749, 2.3.1)."""
    pair = f"{quote(client_id, safe='')}:{quote(client_secret, safe='')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()

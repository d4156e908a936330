"""`Idempotency-Key`: a retried POST gets the first answer again, and nothing happens twice.

The answer is stored in the transaction that does the work, so both are there or neither is. A lock
that ends with the transaction marks the key as running: a crash leaves nothing behind to clean up.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends, Header, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, String, Table, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.ext.asyncio.session import AsyncSession

from common.caller import PrincipalDep
from common.database import SessionDep
from common.errors import Conflict, DomainError
from common.versions import etag

TABLE_NAME: Final = "idempotency_keys"


class IdempotencyKeyReused(DomainError):
    """The key came before with another request."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "idempotency-key-reused"
    title: ClassVar[str] = "This Idempotency-Key belongs to another request"


class IdempotencyKeyBusy(Conflict):
    """The first request with this key is still running."""

    code: ClassVar[str] = "idempotency-key-busy"
    title: ClassVar[str] = "The first request with this Idempotency-Key is still running"


def idempotency_table(metadata: MetaData) -> Table:
    """The table that a service keeps its answers in; part of the service's own migrations."""
    return Table(
        TABLE_NAME,
        metadata,
        Column("caller", String(128), primary_key=True),
        Column("key", String(255), primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", String(3), nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", JSONB, nullable=False),
        Column(
            "created_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.now(),
            index=True,
        ),
    )


# Of no service's metadata: the same columns whichever database the session is of.
_ANSWERS: Final = idempotency_table(MetaData())


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answers: a body to encode, and the version when the resource has one."""

    body: Any
    status: int = HTTPStatus.CREATED
    version: int | None = None
    location: str | None = None

    def headers(self) -> dict[str, str]:
        headers = {"Location": self.location} if self.location else {}
        return headers | ({"ETag": etag(self.version)} if self.version is not None else {})


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Runs one request's work at most once for its key; without a key it just runs it."""

    session: AsyncSession
    caller: str
    key: str | None
    fingerprint: bytes

    async def run(self, work: Callable[[], Awaitable[Answer]]) -> Response:
        """The answer of `work`, or the stored one. Raises IdempotencyKeyReused or …Busy."""
        if self.key is None:
            return _response(await work())
        await self._lock()
        stored = await self._stored()
        if stored is not None:
            return stored
        answer = await work()
        await self._store(answer)
        return _response(answer)

    async def _lock(self) -> None:
        number = hashlib.sha256(f"{self.caller}\x00{self.key}".encode()).digest()[:8]
        lock = func.pg_try_advisory_xact_lock(int.from_bytes(number, signed=True))
        connection = await self.session.connection()
        if not (await connection.execute(select(lock))).scalar_one():
            raise IdempotencyKeyBusy

    async def _stored(self) -> Response | None:
        table = _ANSWERS
        connection = await self.session.connection()
        found = await connection.execute(
            select(table).where(table.c.caller == self.caller, table.c.key == self.key)
        )
        row = found.one_or_none()
        if row is None:
            return None
        if row.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
        return JSONResponse(
            row.body,
            status_code=int(row.status),
            headers={**row.headers, "Idempotency-Replayed": "true"},
        )

    async def _store(self, answer: Answer) -> None:
        connection = await self.session.connection()
        await connection.execute(
            insert(_ANSWERS).values(
                caller=self.caller,
                key=self.key,
                fingerprint=self.fingerprint,
                status=str(int(answer.status)),
                headers=answer.headers(),
                body=jsonable_encoder(answer.body),
            )
        )


def _response(answer: Answer) -> Response:
    return JSONResponse(
        jsonable_encoder(answer.body), status_code=answer.status, headers=answer.headers()
    )


async def idempotency(
    request: Request,
    session: SessionDep,
    principal: PrincipalDep,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> Idempotency:
    """Read the key; the fingerprint covers method, path, query and body."""
    caller = str(principal.user_id or principal.client_id or "")
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    if idempotency_key is not None and not _is_multipart(request):
        digest.update(_canonical(await request.body()))
    return Idempotency(session, caller, idempotency_key, digest.digest())


def _is_multipart(request: Request) -> bool:
    # The upload is streamed; its handler adds the file's own digest to the fingerprint.
    return request.headers.get("content-type", "").startswith("multipart/")


def _canonical(body: bytes) -> bytes:
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return body


IdempotencyDep = Annotated[Idempotency, Depends(idempotency, scope="function")]

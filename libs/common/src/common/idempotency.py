"""`Idempotency-Key`: a retried POST gets the first answer again, and nothing happens twice.

The answer is stored in the transaction that does the work, so both are there or neither is. A lock
that ends with the transaction marks the key as running: a crash leaves nothing behind to clean up.

Grants first, replay second: the answer is stored with what the caller held. To a caller who no
longer holds all of it, the stored answer is given only when the work, tried again and rolled back,
is not refused. A service may add its own check, `app.state.replay_check`.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus
from inspect import Parameter
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends, Header, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from sqlalchemy import (
    Column,
    DateTime,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from common.authority import authority_of, still_holds
from common.caller import PrincipalDep
from common.composition import Container, UnitDep, session_of
from common.errors import Conflict, DomainError, NotFound, PermissionDenied, Unauthenticated
from common.identity import Principal
from common.writes import Answer, Served, served

TABLE_NAME: Final = "idempotency_keys"
KEY: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
# What FastAPI reads as a form.
FORMS: Final = ("multipart/", "application/x-www-form-urlencoded")
REFUSALS: Final = (PermissionDenied, NotFound, Unauthenticated)

SentKey = Annotated[
    str | None,
    Header(
        alias=KEY,
        min_length=1,
        max_length=255,
        description="A UUID that you choose; the same request with it again gets the first answer",
        examples=["0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e"],
    ),
]
# Raises when the caller may not see what is named in this text: the path and the stored answer.
# The last argument says whether the caller still holds all that was held at the first answer.
ReplayCheck = Callable[[AsyncSession, Principal, str, bool], Awaitable[None]]


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
        Column("held", JSONB),  # what the caller held; null in rows of earlier versions
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


def _nothing(_unit: Container) -> None:
    """There is nothing outside the session to undo."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Runs one request's work at most once for its key; without a key it just runs it.

    `undo` takes back what a rolled-back trial of the work has left outside the session: the
    service's `app.state.undo_trial`.
    """

    session: AsyncSession
    principal: Principal
    key: str | None
    fingerprint: bytes
    path: str
    undo: Callable[[], None]
    check: ReplayCheck | None = None

    @property
    def caller(self) -> str:
        """Whose key it is."""
        return str(self.principal.user_id or self.principal.client_id or "")

    async def run(self, work: Callable[[], Awaitable[Answer]]) -> Response:
        """The answer of `work`, or the stored one.

        Raises IdempotencyKeyReused, IdempotencyKeyBusy, and what refuses the work to this caller.
        """
        if self.key is None:
            return (await work()).response()
        await self._lock()
        stored = await self._stored()
        if stored is not None:
            await self._admit(stored, work)
            return _replay(stored)
        answer = await work()
        await self._store(answer)
        return answer.response()

    async def _admit(self, stored: Row[Any], work: Callable[[], Awaitable[Answer]]) -> None:
        as_then = stored.held is not None and still_holds(self.principal, stored.held)
        if not as_then:
            await self._try(work, int(stored.status))
        if self.check is not None:
            named = f"{self.path} {json.dumps(stored.body)}"
            await self.check(self.session, self.principal, named, as_then)

    async def _try(self, work: Callable[[], Awaitable[Answer]], status: int) -> None:
        """Do the work again and undo it. Raises what refuses it to this caller, nothing else.

        Who did it then and may only propose it now is refused as well.
        """
        attempt = await self.session.begin_nested()
        try:
            answer = await work()
            if answer.status == HTTPStatus.ACCEPTED != status:
                raise PermissionDenied
        except REFUSALS:
            raise
        except (DomainError, IntegrityError, DataError):
            pass  # allowed, and impossible now: as it should be of what was done already
        finally:
            await attempt.rollback()
            self.undo()

    async def _lock(self) -> None:
        number = hashlib.sha256(f"{self.caller}\x00{self.key}".encode()).digest()[:8]
        lock = func.pg_try_advisory_xact_lock(int.from_bytes(number, signed=True))
        connection = await self.session.connection()
        if not (await connection.execute(select(lock))).scalar_one():
            raise IdempotencyKeyBusy

    async def _stored(self) -> Row[Any] | None:
        table = _ANSWERS
        connection = await self.session.connection()
        found = await connection.execute(
            select(table).where(table.c.caller == self.caller, table.c.key == self.key)
        )
        row = found.one_or_none()
        if row is not None and row.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
        return row

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
                held=authority_of(self.principal),
            )
        )


def _replay(stored: Row[Any]) -> Response:
    return JSONResponse(
        stored.body,
        status_code=int(stored.status),
        headers={**stored.headers, REPLAYED: "true"},
    )


async def open_idempotency(
    request: Request, unit: UnitDep, principal: PrincipalDep, idempotency_key: SentKey = None
) -> Idempotency:
    """The runner of a request's work, in the request's unit of work.

    The fingerprint covers method, path, query and body.
    """
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    if idempotency_key is not None and not _is_form(request):
        digest.update(_canonical(await request.body()))
    state = request.app.state
    return Idempotency(
        session=session_of(unit),
        principal=principal,
        key=idempotency_key,
        fingerprint=digest.digest(),
        path=request.url.path,
        check=getattr(state, "replay_check", None),
        undo=partial(getattr(state, "undo_trial", _nothing), unit),
    )


def _is_form(request: Request) -> bool:
    # FastAPI has read it; the handler of an upload adds the file's own digest to the fingerprint.
    return request.headers.get("content-type", "").startswith(FORMS)


def _canonical(body: bytes) -> bytes:
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return body


IdempotencyDep = Annotated[Idempotency, Depends(open_idempotency, scope="function")]


def write_once(endpoint: Callable[..., Awaitable[Answer]]) -> Served:
    """The endpoint of a POST: run once for its key, then given its first answer again."""

    @wraps(endpoint)
    async def run(idempotency: IdempotencyDep, **arguments: Any) -> Response:
        return await idempotency.run(lambda: endpoint(**arguments))

    own = Parameter("idempotency", Parameter.KEYWORD_ONLY, annotation=IdempotencyDep)
    return served(run, endpoint, own)

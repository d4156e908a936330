"""Registration of service clients, rotation of their secrets, and removal."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from sqlmodel import col

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.clients.cutoffs import ClientCutoffs
from auth_service.clients.models import ServiceClient
from auth_service.clients.repository import ClientRepository
from auth_service.clients.service import secret_hash
from common.clock import Clock
from common.errors import Conflict, NotFound
from common.keyset import Order, Pager, Slice, SortKey
from common.pages import PageRequest
from common.writes import ExpectedVersion, check_version

SECRET_BYTES: Final = 32
BY_NAME: Final[Order[ServiceClient]] = Order(
    "client_id", (SortKey(col(ServiceClient.client_id), lambda row: row.client_id),)
)


class ClientIdTaken(Conflict):
    """Another client has this name."""

    code: ClassVar[str] = "client-id-taken"
    title: ClassVar[str] = "Another service client has this client_id"


@dataclass(frozen=True, slots=True)
class ClientRules:
    """How long the previous secret of a client works after a rotation."""

    overlap: timedelta


@dataclass(frozen=True, slots=True)
class NewClient:
    client_id: str
    scopes: frozenset[str]
    audiences: frozenset[str]


@dataclass(frozen=True, slots=True)
class Secret:
    """A client with its new secret, which is not stored."""

    client: ServiceClient
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientRegistry:
    clients: ClientRepository
    cutoffs: ClientCutoffs
    clock: Clock
    audit: AuditLog
    rules: ClientRules
    pager: Pager

    async def page(self, page: PageRequest) -> Slice[ServiceClient]:
        """A page of clients by name."""
        every = self.clients.statement()
        return await self.pager.cut(self.clients, every, BY_NAME, page, purpose="service-clients")

    async def get(self, row_id: UUID) -> ServiceClient:
        """A client. Raises NotFound."""
        client = await self.clients.get(row_id)
        if client is None:
            raise NotFound
        return client

    async def register(self, new: NewClient) -> Secret:
        """A new client and its secret. Raises ClientIdTaken."""
        if await self.clients.first(self.clients.named(new.client_id)) is not None:
            raise ClientIdTaken
        now, secret = self.clock.now(), _new_secret()
        client = ServiceClient(
            client_id=new.client_id,
            secret_hash=secret_hash(secret),
            scopes=sorted(new.scopes),
            audiences=sorted(new.audiences),
            created_at=now,
            updated_at=now,
        )
        await self.clients.add(client)
        self._record(Action.CLIENT_CHANGE, client, "register")
        return Secret(client, secret)

    async def rotate_secret(self, row_id: UUID) -> Secret:
        """A new secret; the old one works for the overlap, by default not at all.

        Without an overlap the client's tokens are refused at once as well.
        """
        client, now, secret = await self._lock(row_id), self.clock.now(), _new_secret()
        if self.rules.overlap:
            client.previous_secret_hash = client.secret_hash
            client.previous_secret_until = now + self.rules.overlap
        else:
            client.previous_secret_hash = client.previous_secret_until = None
            await self.cutoffs.cut(client.client_id)
        client.secret_hash = secret_hash(secret)
        client.updated_at = now
        client.version += 1
        self._record(Action.CLIENT_CHANGE, client, "rotate-secret")
        return Secret(client, secret)

    async def remove(self, row_id: UUID, *, expected_version: ExpectedVersion) -> None:
        """Delete the client and refuse its tokens. Raises NotFound, PreconditionFailed."""
        client = await self._lock(row_id)
        check_version(expected_version, client.version)
        self._record(Action.CLIENT_DELETE, client, None)
        await self.cutoffs.cut(client.client_id)
        await self.clients.delete(client)

    async def _lock(self, row_id: UUID) -> ServiceClient:
        client = await self.clients.get(row_id, lock=True)
        if client is None:
            raise NotFound
        return client

    def _record(self, action: Action, client: ServiceClient, reason: str | None) -> None:
        details = {
            "client_id": client.client_id,
            "scopes": client.scopes,
            "audiences": client.audiences,
        }
        self.audit.record(Event(action, reason=reason, details=details))


def _new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)

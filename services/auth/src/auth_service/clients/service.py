"""Service clients: their credentials and what they may request."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.service import AuditLog, Event
from auth_service.clients.cutoffs import ClientCutoffs
from auth_service.clients.models import ServiceClient
from auth_service.clients.repository import ClientRepository
from auth_service.keys.issuer import Permit
from auth_service.oauth import TokenRequestRefused, invalid_client
from common.clock import Clock
from common.errors import NotFound

DUMMY_HASH: Final = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A request for a service token; `resource` is the audience (RFC 8707)."""

    client_id: str
    client_secret: str
    resource: str | None
    scope: str | None


@dataclass(frozen=True, slots=True)
class ClientService:
    clients: ClientRepository
    cutoffs: ClientCutoffs
    clock: Clock
    audit: AuditLog

    async def authenticate(self, client_id: str, secret: str) -> ServiceClient:
        """The active client with these credentials. Raises TokenRequestRefused.

        The client's row stays locked, so that the token, made before the unit of work ends,
        precedes any new secret of the client or is refused.
        """
        named = self.clients.named(client_id)
        client = await self.clients.first(named.with_for_update(read=True))
        matches = _matches(client, secret_hash(secret), self.clock.now())
        if client is None or not matches or not client.is_active:
            raise invalid_client()
        return client

    async def permit(self, client: ServiceClient, request: TokenRequest) -> Permit:
        """What the token may say. Raises TokenRequestRefused."""
        return Permit(
            client.client_id,
            _audience(client, request.resource),
            _scope(client, request.scope),
            await self.cutoffs.version(client.client_id),
        )

    async def active(self, client_ids: Collection[str]) -> Sequence[ServiceClient]:
        """Those of the clients that exist and are active."""
        return await self.clients.all(self.clients.active(client_ids)) if client_ids else []

    def record(self, client_id: str, reason: str | None) -> None:
        """Record that a client got a token, or why it did not."""
        outcome = EventOutcome.SUCCESS if reason is None else EventOutcome.FAILURE
        self.audit.record(
            Event(Action.CLIENT_TOKEN, outcome, reason=reason, client_id=client_id[:100])
        )

    async def ensure(
        self, client_id: str, secret: str, scopes: Sequence[str], audiences: Sequence[str]
    ) -> bool:
        """Create the client, or let it do exactly this; whether anything had to change.

        A client that exists keeps its secret: the given one may be older than a rotation. With
        fewer scopes or audiences its tokens are refused at once.
        """
        now, wanted = self.clock.now(), (sorted(scopes), sorted(audiences))
        client = await self.clients.first(self.clients.named(client_id).with_for_update())
        if client is None:
            client = ServiceClient(
                client_id=client_id,
                secret_hash=secret_hash(secret),
                scopes=wanted[0],
                audiences=wanted[1],
                created_at=now,
                updated_at=now,
            )
            await self.clients.add(client)
        elif (client.scopes, client.audiences) == wanted and client.is_active:
            return False
        else:
            if narrows(client, scopes, audiences):
                await self.cutoffs.cut(client_id)
            client.scopes, client.audiences = wanted
            client.is_active = True
            client.updated_at = now
            client.version += 1
        self.audit.record(Event(Action.CLIENT_CHANGE, details={"client_id": client_id}))
        return True

    async def has_secret(self, client_id: str, secret: str) -> bool:
        """Whether this is the client's current secret."""
        client = await self.clients.first(self.clients.named(client_id))
        return client is not None and client.secret_hash == secret_hash(secret)

    async def set_secret(self, client_id: str, secret: str, overlap: timedelta) -> None:
        """Give the client this secret; the one before works for the overlap. Raises NotFound.

        With the secret that it has, only the overlap changes. Tokens live on: they end within
        minutes, and what leaked is ended by changing the client itself.
        """
        client = await self.clients.first(self.clients.named(client_id).with_for_update())
        if client is None:
            raise NotFound(f"there is no service client {client_id}")
        now, wanted = self.clock.now(), secret_hash(secret)
        if client.secret_hash != wanted:
            client.previous_secret_hash, client.secret_hash = client.secret_hash, wanted
        client.previous_secret_until = now + overlap if client.previous_secret_hash else None
        if not overlap:
            client.previous_secret_hash = client.previous_secret_until = None
        client.updated_at = now
        client.version += 1
        self.audit.record(Event(Action.CLIENT_CHANGE, details={"client_id": client_id}))


def narrows(client: ServiceClient, scopes: Sequence[str], audiences: Sequence[str]) -> bool:
    """Whether the client loses a scope or an audience."""
    return not (set(client.scopes) <= set(scopes) and set(client.audiences) <= set(audiences))


def _matches(client: ServiceClient | None, presented: bytes, now: datetime) -> bool:
    """Whether a secret's hash is the client's; both comparisons are always made."""
    current, previous = DUMMY_HASH, DUMMY_HASH
    if client is not None:
        current = client.secret_hash
        until = client.previous_secret_until
        if client.previous_secret_hash is not None and until is not None and now < until:
            previous = client.previous_secret_hash
    is_current = hmac.compare_digest(current, presented)
    is_previous = hmac.compare_digest(previous, presented)
    return is_current or is_previous


def secret_hash(secret: str) -> bytes:
    """What is stored. The secret is random: a slow hash adds nothing."""
    return hashlib.sha256(secret.encode()).digest()


def _audience(client: ServiceClient, resource: str | None) -> str:
    if resource is None and len(client.audiences) == 1:
        return client.audiences[0]
    if resource is None or resource not in client.audiences:
        raise TokenRequestRefused("invalid_target", "name one resource that the client may call")
    return resource


def _scope(client: ServiceClient, scope: str | None) -> str:
    requested = client.scopes if scope is None else scope.split()
    if not set(requested) <= set(client.scopes):
        raise TokenRequestRefused("invalid_scope", "the client was not granted this scope")
    return " ".join(sorted(set(requested)))

"""The grants of users and scopes of services that are in force now, as auth knows them.

A request carries the grants of its caller; a job reads those that are in force when it runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from common.errors import DomainError, PermissionDenied, Unauthenticated
from common.http_client import ServiceClient
from common.identity import ANONYMOUS, CourtScope, Grant, Principal
from common.logs import get_logger
from core_service.access.actors import Actor
from core_service.access.courts import NOWHERE, writing

PATH: Final = "/internal/v1/principals"
SCOPE: Final = "grants:read"
log = get_logger(__name__)


class GrantsUnavailable(Exception):
    """Auth does not answer. The job has to wait; it must not use grants read earlier."""


@dataclass(frozen=True, slots=True)
class GrantDirectory:
    """Gives the principal that a request of this actor would have now.

    `audience` is the service that a service client must be allowed to call. Answers are not cached:
    with a cache a removed grant could still be used.
    """

    auth: ServiceClient
    audience: str

    async def writable(self, actor: Actor) -> CourtScope:
        """The courts whose cases the actor may change now. Raises GrantsUnavailable."""
        try:
            return writing(await self.principal(actor))
        except (PermissionDenied, Unauthenticated):
            return NOWHERE

    async def principal(self, actor: Actor) -> Principal:
        """The actor with the grants or scopes in force. Raises GrantsUnavailable."""
        try:
            return await self._ask(actor)
        except (DomainError, ValueError, KeyError, TypeError) as error:
            log.warning("grants_unavailable", error=type(error).__name__)
            raise GrantsUnavailable from error

    async def still_hold(self, by: Principal) -> bool:
        """Whether a caller still holds what a request began with; not when auth does not answer."""
        try:
            now = await self.principal(Actor.of(by))
        except GrantsUnavailable:
            return False
        return (set(now.grants), now.scopes) == (set(by.grants), by.scopes)

    async def _ask(self, actor: Actor) -> Principal:
        if actor.user_id is not None:
            found = await self._get(user_ids=str(actor.user_id))
            return _user(actor.user_id, found["users"])
        if actor.client_id is not None:
            found = await self._get(client_ids=actor.client_id)
            return self._service(actor.client_id, found["clients"])
        return ANONYMOUS

    async def _get(self, **params: str) -> Mapping[str, Any]:
        response = await self.auth.get(PATH, params=params)
        found: Mapping[str, Any] = response.require(HTTPStatus.OK).json()
        return found

    def _service(self, client_id: str, clients: list[Mapping[str, Any]]) -> Principal:
        scopes = [
            scope
            for client in clients
            if client["client_id"] == client_id and self.audience in client["audiences"]
            for scope in client["scopes"]
        ]
        return Principal("service", client_id=client_id, scopes=frozenset(scopes))


def _user(user_id: UUID, users: list[Mapping[str, Any]]) -> Principal:
    grants = [
        Grant.from_claim(claim)
        for user in users
        if UUID(user["id"]) == user_id
        for claim in user["grants"]
    ]
    return Principal("user", user_id=user_id, grants=tuple(grants))

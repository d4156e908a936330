"""Grants in force: requested from auth for each use, never cached or assumed."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from common.http_client import ServiceClient
from common.identity import CourtScope, Grant, Role
from core_service.access.actors import SYSTEM, Actor
from core_service.access.courts import EVERYWHERE, NOWHERE
from core_service.users.grants import GrantDirectory, GrantsUnavailable

CLERK, VIEWER, OTHER, COURT = uuid4(), uuid4(), uuid4(), uuid4()


class Auth:
    """A stand-in for auth's internal API."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []
        self.status = 200
        self.grants: dict[UUID, Grant] = {
            CLERK: Grant(Role.DATA_ENTRY, frozenset({COURT})),
            VIEWER: Grant(Role.VIEWER),
        }
        self.clients: list[dict[str, Any]] = [
            {"client_id": "loader", "scopes": ["registry:write"], "audiences": ["core"]},
            {"client_id": "reader", "scopes": ["registry:read"], "audiences": ["core"]},
            {"client_id": "apart", "scopes": ["registry:write"], "audiences": ["auth"]},
        ]

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(dict(request.url.params))
        users = [
            {"id": str(user_id), "grants": [grant.to_claim()]}
            for user_id, grant in self.grants.items()
        ]
        return httpx.Response(self.status, json={"users": users, "clients": self.clients})


@pytest.fixture
def auth() -> Auth:
    return Auth()


def directory(auth: Auth) -> GrantDirectory:
    transport = httpx.MockTransport(auth.answer)
    client = ServiceClient("http://auth", transport=transport, attempts=1)
    return GrantDirectory(client, "core")


@pytest.mark.parametrize(
    ("actor", "scope"),
    [
        (Actor(CLERK, "masijala"), CourtScope(frozenset({COURT}))),
        (Actor(VIEWER), NOWHERE),
        (Actor(OTHER), NOWHERE),
        (Actor(None, "loader"), EVERYWHERE),
        (Actor(None, "reader"), NOWHERE),
        (Actor(None, "apart"), NOWHERE),
        (Actor(None, "unknown"), NOWHERE),
        (SYSTEM, NOWHERE),
    ],
)
async def test_an_actor_may_write_where_a_request_of_theirs_might(
    auth: Auth, actor: Actor, scope: CourtScope
) -> None:
    assert await directory(auth).writable(actor) == scope


async def test_grants_are_requested_again_each_time_so_that_a_removed_one_has_no_effect(
    auth: Auth,
) -> None:
    grants = directory(auth)
    assert not (await grants.writable(Actor(CLERK))).is_empty
    auth.grants.clear()
    assert (await grants.writable(Actor(CLERK))).is_empty
    assert auth.requests == [{"user_ids": str(CLERK)}] * 2


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
async def test_without_an_answer_nothing_is_assumed(auth: Auth, status: int) -> None:
    grants = directory(auth)
    await grants.writable(Actor(CLERK))
    auth.status = status
    with pytest.raises(GrantsUnavailable):
        await grants.writable(Actor(CLERK))


async def test_an_answer_that_makes_no_sense_is_none(auth: Auth) -> None:
    auth.clients = [{"client_id": "loader"}]
    with pytest.raises(GrantsUnavailable):
        await directory(auth).writable(Actor(None, "loader"))


@pytest.mark.parametrize("actor", [Actor(CLERK), Actor(CLERK, "masijala"), Actor(None, "loader")])
def test_a_job_carries_its_actor(actor: Actor) -> None:
    assert Actor.from_plain(actor.plain()) == actor

"""Names of users: requested once, cached, and null when auth is unavailable."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from common.clock import FrozenClock
from common.http_client import ServiceClient
from core_service.users.directory import UserDirectory

KNOWN, UNKNOWN = uuid4(), uuid4()


class Auth:
    """A stand-in for auth's internal API."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.status = 200

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request.url.params["ids"])
        items: list[dict[str, Any]] = [{"id": str(KNOWN), "name": "Amina Clerk"}]
        return httpx.Response(self.status, json={"items": items})


@pytest.fixture
def auth() -> Auth:
    return Auth()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 6, 1, tzinfo=UTC))


@pytest.fixture
def directory(auth: Auth, clock: FrozenClock) -> UserDirectory:
    transport = httpx.MockTransport(auth.answer)
    return UserDirectory(ServiceClient("http://auth", transport=transport, attempts=1), clock)


async def names(directory: UserDirectory, *ids: UUID | None) -> dict[UUID, str | None]:
    return dict(await directory.names(ids))


async def test_known_users_have_names_and_others_none(directory: UserDirectory) -> None:
    assert await names(directory, KNOWN, UNKNOWN, None) == {KNOWN: "Amina Clerk", UNKNOWN: None}


async def test_a_name_is_requested_once(directory: UserDirectory, auth: Auth) -> None:
    await names(directory, KNOWN)
    await names(directory, KNOWN)

    assert auth.requests == [str(KNOWN)]


async def test_a_name_is_requested_again_after_ten_minutes(
    directory: UserDirectory, auth: Auth, clock: FrozenClock
) -> None:
    await names(directory, KNOWN)
    clock.advance(minutes=11)
    await names(directory, KNOWN)

    assert len(auth.requests) == 2


async def test_without_auth_names_are_null_and_auth_is_not_called_again_at_once(
    directory: UserDirectory, auth: Auth, clock: FrozenClock
) -> None:
    auth.status = 503
    assert await names(directory, KNOWN) == {KNOWN: None}
    await names(directory, KNOWN)
    assert len(auth.requests) == 1

    auth.status = 200
    clock.advance(seconds=11)
    assert await names(directory, KNOWN) == {KNOWN: "Amina Clerk"}

"""Grants whose courts a token only refers to."""

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest

from common.court_lists import CourtLists
from common.http_client import ServiceClient, UpstreamRefused
from common.identity import Grant, Principal, Role, court_list_reference
from common.jws import TokenRefused

USER = uuid4()
COURTS = frozenset(uuid4() for _ in range(500))
LONG = Grant(Role.DATA_ENTRY, COURTS)


class Auth:
    """Answers what the user holds now."""

    def __init__(self) -> None:
        self.grants: list[Grant] = [LONG, Grant(Role.VIEWER)]
        self.requested: list[str] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requested.append(request.url.params["user_ids"])
        grants = [grant.to_claim() for grant in self.grants]
        users = [{"id": str(USER), "grants": grants}] if grants else []
        return httpx.Response(self.status, json={"users": users, "clients": []})


@pytest.fixture
def auth() -> Auth:
    return Auth()


@pytest.fixture
def lists(auth: Auth) -> CourtLists:
    transport = httpx.MockTransport(auth)
    return CourtLists(ServiceClient("http://auth", attempts=1, transport=transport), capacity=2)


def caller(*grants: Grant) -> Principal:
    """A user as the assertion states it."""
    read = tuple(Grant.from_claim(grant.by_reference().to_claim()) for grant in grants)
    return Principal("user", user_id=USER, grants=read)


def test_a_list_has_one_reference_in_whatever_order() -> None:
    assert court_list_reference(sorted(COURTS)) == court_list_reference(
        sorted(COURTS, reverse=True)
    )
    assert court_list_reference([UUID(int=1)]) != court_list_reference([UUID(int=2)])


def test_without_resolution_a_reference_gives_no_court() -> None:
    principal = caller(LONG)
    assert principal.scope_for(Role.DATA_ENTRY).is_empty


async def test_a_reference_becomes_the_courts_and_is_remembered(
    lists: CourtLists, auth: Auth
) -> None:
    for _ in range(3):
        resolved = await lists.resolve(caller(LONG, Grant(Role.VIEWER)))
        assert set(resolved.grants) == {LONG, Grant(Role.VIEWER)}
    assert auth.requested == [str(USER)]


async def test_a_hundred_requests_at_once_ask_once(lists: CourtLists, auth: Auth) -> None:
    await asyncio.gather(*(lists.resolve(caller(LONG)) for _ in range(100)))
    assert len(auth.requested) == 1


async def test_a_caller_with_short_lists_asks_nothing(lists: CourtLists, auth: Auth) -> None:
    principal = Principal("user", user_id=USER, grants=(Grant(Role.VIEWER),))
    assert await lists.resolve(principal) is principal
    assert auth.requested == []


@pytest.mark.parametrize("held", [[], [Grant(Role.DATA_ENTRY, frozenset({UUID(int=1)}))]])
async def test_a_reference_to_what_the_user_no_longer_holds_is_refused(
    lists: CourtLists, auth: Auth, held: list[Grant]
) -> None:
    auth.grants = held
    with pytest.raises(TokenRefused):
        await lists.resolve(caller(LONG))


async def test_while_auth_does_not_answer_the_service_is_unavailable(
    lists: CourtLists, auth: Auth
) -> None:
    auth.status = 503
    with pytest.raises(UpstreamRefused):
        await lists.resolve(caller(LONG))


async def test_only_so_many_lists_are_remembered(lists: CourtLists, auth: Auth) -> None:
    for number in range(5):
        auth.grants = [Grant(Role.VIEWER, frozenset({UUID(int=number)}))]
        assert (await lists.resolve(caller(*auth.grants))).grants == tuple(auth.grants)
    assert len(lists._lists) == 2

"""What a service knows of revoked service tokens, from auth's feed."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from common import revocations
from common.clock import FrozenClock
from common.http_client import ServiceClient
from common.revocations import ServiceRevocations

CLOCK = FrozenClock()
NOW = CLOCK.now()
AS_OF = "2026-01-05T08:00:00Z"


class Feed:
    """Auth's feed, with its next answers and the requests to it."""

    def __init__(self) -> None:
        self.requested: list[dict[str, str]] = []
        self.clients: list[dict[str, Any]] = []
        self.tokens: list[dict[str, str]] = []
        self.status = 200
        self.floor: str | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requested.append(dict(request.url.params))
        body = {"clients": self.clients, "tokens": self.tokens, "floor": self.floor}
        return httpx.Response(self.status, json=body | {"as_of": AS_OF})


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def revoked(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], ServiceRevocations]:
    """Makes what is under test; what it knows is fresh for so long."""

    def make(fresh_seconds: float) -> ServiceRevocations:
        monkeypatch.setattr(revocations, "FRESH_SECONDS", fresh_seconds)
        client = ServiceClient("http://auth", attempts=1, transport=httpx.MockTransport(feed))
        return ServiceRevocations(client, CLOCK)

    return make


def claims(client_id: str = "reports", *, ver: int = 0, jti: str = "j-1") -> dict[str, Any]:
    return {"client_id": client_id, "ver": ver, "jti": jti, "iat": int(NOW.timestamp())}


async def test_tokens_from_before_a_restore_are_refused(
    feed: Feed, revoked: Callable[[float], ServiceRevocations]
) -> None:
    known = revoked(0.0)
    feed.floor = NOW.isoformat()
    assert await known.is_active(claims())
    feed.floor = (NOW + timedelta(seconds=1)).isoformat()
    assert not await known.is_active(claims())
    feed.floor = None
    assert not await known.is_active(claims()), "later answers do not repeat the floor"


async def test_a_client_s_tokens_of_before_its_cutoff_are_refused(
    feed: Feed, revoked: Callable[[float], ServiceRevocations]
) -> None:
    feed.clients = [
        {"client_id": "reports", "token_version": 1, "tokens_valid_from": NOW.isoformat()}
    ]
    known = revoked(60)
    assert not await known.is_active(claims(ver=0))
    assert await known.is_active(claims(ver=1))
    assert await known.is_active(claims("another"))


async def test_a_single_token_is_refused(
    feed: Feed, revoked: Callable[[float], ServiceRevocations]
) -> None:
    feed.tokens = [{"jti": "j-1", "expires_at": NOW.isoformat()}]
    known = revoked(60)
    assert not await known.is_active(claims(jti="j-1"))
    assert await known.is_active(claims(jti="j-2"))


async def test_many_concurrent_tokens_cause_one_request(
    feed: Feed, revoked: Callable[[float], ServiceRevocations]
) -> None:
    known = revoked(60)
    assert all(await asyncio.gather(*(known.is_active(claims()) for _ in range(50))))
    assert len(feed.requested) == 1
    assert feed.requested[0]["services_only"] == "true"


async def test_what_is_not_fresh_is_requested_again_from_where_the_feed_ended(
    feed: Feed, revoked: Callable[[float], ServiceRevocations]
) -> None:
    known = revoked(0)
    assert await known.is_active(claims())
    feed.clients = [
        {"client_id": "reports", "token_version": 1, "tokens_valid_from": NOW.isoformat()}
    ]
    assert not await known.is_active(claims())
    feed.clients = []
    assert not await known.is_active(claims())
    assert [question["since"] for question in feed.requested[1:]] == [AS_OF, AS_OF]
    assert feed.requested[0]["since"] < (NOW - revocations.LONGEST_LIFE / 2).isoformat()


@pytest.mark.parametrize("status", [503, 401, 500])
async def test_while_auth_does_not_answer_known_revocations_remain(
    feed: Feed, revoked: Callable[[float], ServiceRevocations], status: int
) -> None:
    feed.clients = [
        {"client_id": "reports", "token_version": 1, "tokens_valid_from": NOW.isoformat()}
    ]
    known = revoked(0)
    assert not await known.is_active(claims())
    feed.status = status
    assert not await known.is_active(claims())
    assert await known.is_active(claims("another"))


async def test_auth_is_left_alone_for_a_moment_after_it_did_not_answer(
    feed: Feed, revoked: Callable[[float], ServiceRevocations]
) -> None:
    known, feed.status = revoked(0), 503
    assert [await known.is_active(claims()) for _ in range(5)] == [True] * 5
    assert len(feed.requested) == 1


async def test_revocations_that_affect_no_unexpired_token_are_dropped(
    feed: Feed, revoked: Callable[[float], ServiceRevocations]
) -> None:
    dead = (NOW - revocations.LONGEST_LIFE).isoformat()
    feed.clients = [{"client_id": "reports", "token_version": 1, "tokens_valid_from": dead}]
    feed.tokens = [{"jti": "j-1", "expires_at": dead}]
    known = revoked(60)
    assert await known.is_active(claims())
    assert (known._clients, known._tokens) == ({}, {})

"""Under any race, no user is signed out by accident and no ended session becomes live again.

FULL_COUNTS=1 runs each race 200 times or more, which takes minutes.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from auth_service.app import create_app
from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.passwords.hashing import PasswordHasher
from auth_service.sessions.models import EndReason, RefreshToken, Session
from auth_service.sessions.service import SessionService
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from auth_service.wiring import wire
from common.assertions import AssertionMinter
from common.clock import FrozenClock
from devstack.servers.valkey import EmbeddedValkey
from testkit.auth.api import PASSWORD, Api, claims_of
from testkit.auth.settings import ASSERTION_KEY, make_settings

FULL = os.environ.get("FULL_COUNTS") == "1"
PARALLEL_ROUNDS = 200 if FULL else 5
CLIENTS = 3
TURNS = CLIENTS * (1_000 if FULL else 20)
ENDINGS = 1_000 if FULL else 8
NEW_PASSWORD = "twelve green herons above a mill"
Ending = Callable[["Race"], Coroutine[Any, Any, None]]

pytestmark = pytest.mark.timeout(900 if FULL else 120)


async def lineage(auth: AuthUnits, session_id: str) -> tuple[Session, list[int]]:
    """The session, and the generations of its tokens that are not spent."""
    async with auth.database.transaction() as session:
        row = (await session.exec(select(Session).where(col(Session.id) == session_id))).one()
        current = select(RefreshToken.generation).where(
            col(RefreshToken.session_id) == session_id, col(RefreshToken.spent_at).is_(None)
        )
        return row, list((await session.exec(current)).all())


async def test_repeated_64_parallel_refreshes_keep_one_chain_of_tokens(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    body = (await api.login(clerk)).json()
    token = body["refresh_token"]
    for round_number in range(1, PARALLEL_ROUNDS + 1):
        answers = await asyncio.gather(*(api.refresh(token) for _ in range(64)))
        assert {answer.status_code for answer in answers} == {200}
        (token,) = {answer.json()["refresh_token"] for answer in answers}
        session, current = await lineage(auth, body["session"]["id"])
        assert (session.ended_at, current) == (None, [round_number])
        clock.advance(seconds=30)


async def test_clients_that_share_a_token_survive_lost_answers(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    """Three tabs use what is in the cookie jar; an answer that is lost leaves it as it was."""
    body = (await api.login(clerk)).json()
    jar = body["refresh_token"]
    for turn in range(TURNS):
        answer = await api.refresh(jar)
        assert answer.status_code == 200, (turn, answer.text)
        if turn % 10 != 9:
            jar = answer.json()["refresh_token"]
        clock.advance(seconds=3)
    session, current = await lineage(auth, body["session"]["id"])
    assert session.ended_at is None
    assert len(current) == 1


async def test_clients_with_separate_tokens_survive_lost_answers(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    """Three devices of one session refresh by turns; who gets no answer asks again."""
    body = (await api.login(clerk)).json()
    held = [body["refresh_token"]] * CLIENTS
    for turn in range(TURNS):
        answer = await api.refresh(held[turn % CLIENTS])
        assert answer.status_code == 200, (turn, answer.text)
        if turn % 10 == 9:
            answer = await api.refresh(held[turn % CLIENTS])
            assert answer.status_code == 200, (turn, answer.text)
        held[turn % CLIENTS] = answer.json()["refresh_token"]
        clock.advance(seconds=3)
    session, current = await lineage(auth, body["session"]["id"])
    assert session.ended_at is None
    assert len(current) == 1


@pytest.fixture
def start(
    database_url: str, private_valkey: EmbeddedValkey, tmp_path: Path, clock: FrozenClock
) -> Callable[[], AbstractAsyncContextManager[Api]]:
    """Runs auth as a process would, from its start to its end, with letters in a folder."""

    @asynccontextmanager
    async def run() -> AsyncIterator[Api]:
        letters = f"file:{tmp_path}"
        auth = wire(make_settings(database_url, private_valkey.url, mail=letters), clock)
        app = create_app(auth)[0]
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://auth") as client,
        ):
            yield Api(client, AssertionMinter("auth", ASSERTION_KEY), clock)

    return run


async def until_a_letter_is_there(folder: Path) -> None:
    async with asyncio.timeout(10):
        while not await asyncio.to_thread(lambda: list(folder.glob("*.eml"))):  # noqa: ASYNC110 - a job writes it
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("redis_too", [False, True])
async def test_reuse_is_noticed_across_a_restart_of_auth_and_of_redis(
    start: Callable[[], AbstractAsyncContextManager[Api]],
    private_valkey: EmbeddedValkey,
    auth: AuthUnits,
    clerk: str,
    tmp_path: Path,
    redis_too: bool,
) -> None:
    async with start() as api:
        first = (await api.login(clerk)).json()
        second = (await api.refresh(first["refresh_token"])).json()
    if redis_too:
        private_valkey.kill()
        private_valkey.start()
    async with start() as api:
        again = (await api.refresh(first["refresh_token"])).json()
        assert again["refresh_token"] == second["refresh_token"]
        api.clock.advance(seconds=11)  # type: ignore[attr-defined]  # it is frozen
        reused = await api.refresh(first["refresh_token"])
        assert reused.json()["code"] == "refresh-token-reused"
        after = await api.refresh(second["refresh_token"])
        assert after.json()["code"] == "refresh-token-invalid"
        await until_a_letter_is_there(tmp_path)
    session, _ = await lineage(auth, first["session"]["id"])
    assert session.end_reason is EndReason.REUSE
    async with auth.database.transaction() as work:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.REFRESH_REUSE)
        event = (await work.exec(statement)).one()
    assert (event.outcome, str(event.session_id)) == (EventOutcome.DENIED, first["session"]["id"])


@dataclass(frozen=True, slots=True)
class Race:
    """A session under way and what may be done to it."""

    api: Api
    auth: AuthUnits
    email: str
    password: str
    body: dict[str, Any]


async def log_out(race: Race) -> None:
    assert (await race.api.logout(race.body["refresh_token"])).status_code == 204


async def change_password(race: Race) -> None:
    """From another session, which is the one that stays."""
    other = (await race.api.login(race.email, race.password)).json()
    wanted = {"current_password": race.password, "new_password": f"{NEW_PASSWORD} {race.email}"}
    answer = await race.api.call(
        "POST", "/api/v1/auth/password/change", token=other["access_token"], json=wanted
    )
    assert answer.status_code == 204, answer.text


async def deactivate(race: Race) -> None:
    async with race.auth.begin() as unit:
        user = await unit.get(UserService).by_email(race.email)
        assert user is not None
        locked = await unit.get(UserService).lock(user.id)
        assert locked is not None
        unit.get(UserService).set_active(locked, active=False)
        await unit.get(SessionService).end_all(user.id, EndReason.DEACTIVATION)


async def restore(auth: AuthUnits, email: str) -> None:
    """As it was before the race."""
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(email)
        assert user is not None
        locked = await unit.get(UserService).lock(user.id)
        assert locked is not None
        locked.is_active = True
        locked.password_hash = auth.get(PasswordHasher).scheme.hash(PASSWORD)


@pytest.mark.parametrize("end", [log_out, change_password, deactivate])
async def test_after_the_ending_call_returned_no_token_of_the_session_works(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock, end: Ending
) -> None:
    for attempt in range(ENDINGS):
        body = (await api.login(clerk)).json()
        race = Race(api, auth, clerk, PASSWORD, body)
        ending = asyncio.create_task(end(race))
        for _ in range(attempt % 5):
            await asyncio.sleep(0)  # the race is not always won by the same
        racing = [asyncio.create_task(api.refresh(body["refresh_token"])) for _ in range(2)]
        await ending
        answers = [answer.json() for answer in await asyncio.gather(*racing)]
        given = [body, *(answer for answer in answers if "refresh_token" in answer)]
        for each in given:
            assert (await api.refresh(each["refresh_token"])).status_code == 401
            assert (await api.me(each["access_token"])).status_code == 401
            sid = claims_of(each["access_token"])["sid"]
            assert await auth.publisher.store.redis.get(f"rev:sid:{sid}") == "1"
        session, _ = await lineage(auth, body["session"]["id"])
        assert session.ended_at is not None
        await restore(auth, clerk)
        clock.advance(seconds=1)

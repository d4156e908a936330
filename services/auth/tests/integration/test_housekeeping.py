"""Housekeeping deletes what is of no more use, and nothing that still is."""

from datetime import timedelta

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import select

from auth_service.models import IDEMPOTENCY_KEYS
from auth_service.recovery.models import PasswordToken, TokenPurpose
from auth_service.revocations.models import RevokedToken
from auth_service.sessions.models import RefreshToken, Session
from auth_service.wiring import Wiring
from common.clock import FrozenClock
from testkit.auth.api import Api


async def counts(wiring: Wiring) -> tuple[int, int, int]:
    async with wiring.database.transaction() as session:
        models = (Session, RefreshToken, RevokedToken)
        sessions, tokens, revoked = [
            (await session.exec(select(func.count()).select_from(model))).one() for model in models
        ]
    return sessions, tokens, revoked


async def test_spent_tokens_of_a_living_session_stay_and_still_betray_reuse(
    api: Api, wiring: Wiring, clerk: str, clock: FrozenClock
) -> None:
    first = (await api.login(clerk)).json()["refresh_token"]
    token = first
    for _ in range(6):
        clock.advance(days=13)
        token = (await api.refresh(token)).json()["refresh_token"]
    await wiring.housekeeping.run()
    assert await counts(wiring) == (1, 7, 0)
    assert (await api.refresh(first)).json()["code"] == "refresh-token-reused"


async def test_an_ended_session_loses_its_tokens_first_and_then_goes(
    api: Api, wiring: Wiring, clerk: str, clock: FrozenClock
) -> None:
    body = (await api.login(clerk)).json()
    await api.logout(body["refresh_token"])
    await wiring.housekeeping.run()
    assert await counts(wiring) == (1, 1, 0)
    clock.advance(days=1, seconds=1)
    await wiring.housekeeping.run()
    assert await counts(wiring) == (1, 0, 0)
    late = await api.refresh(body["refresh_token"])
    assert late.json()["code"] == "refresh-token-invalid"
    clock.advance(days=30)
    await wiring.housekeeping.run()
    assert await counts(wiring) == (0, 0, 0)


async def test_a_session_that_ran_out_goes_as_well(
    api: Api, wiring: Wiring, clerk: str, clock: FrozenClock
) -> None:
    await api.login(clerk)
    clock.advance(days=14 + 29)
    await wiring.housekeeping.run()
    assert await counts(wiring) == (1, 0, 0)
    clock.advance(days=2)
    await wiring.housekeeping.run()
    assert await counts(wiring) == (0, 0, 0)


async def test_revoked_tokens_stay_until_they_have_long_expired(
    wiring: Wiring, clock: FrozenClock
) -> None:
    now = clock.now()
    async with wiring.units.begin() as work:
        for number in range(1200):
            expires_at = now + timedelta(seconds=number)
            row = RevokedToken(jti=f"{number}", expires_at=expires_at, revoked_at=now)
            work.revoked_tokens.session.add(row)
    clock.advance(days=1, seconds=1000)
    await wiring.housekeeping.run()
    assert await counts(wiring) == (0, 0, 200)


async def test_cutoffs_of_clients_stay_until_no_token_can_be_concerned(
    wiring: Wiring, clock: FrozenClock
) -> None:
    async def cutoffs() -> int:
        async with wiring.units.begin() as work:
            return len(await work.client_cutoffs.since(clock.now() - timedelta(days=365)))

    async with wiring.units.begin() as work:
        await work.client_cutoffs.cut("reports")
    clock.advance(days=1)
    await wiring.housekeeping.run()
    assert await cutoffs() == 1
    clock.advance(seconds=2)
    await wiring.housekeeping.run()
    assert await cutoffs() == 0


async def test_links_and_kept_answers_go_when_nobody_can_use_them(
    api: Api, wiring: Wiring, admin: str, clerk: str, clock: FrozenClock
) -> None:
    token = await api.token(admin)
    body = {"client_id": "reports", "scopes": [], "audiences": ["auth"]}
    key = {"Idempotency-Key": "k-1"}
    await api.call("POST", "/api/v1/service-clients", token=token, json=body, headers=key)
    async with wiring.units.begin() as work:
        user = await work.users.by_email(clerk)
        assert user is not None
        await work.password_tokens.issue(user, TokenPurpose.RESET)

    async def left() -> tuple[int, int]:
        async with wiring.database.transaction() as session:
            links = (await session.exec(select(func.count()).select_from(PasswordToken))).one()
            keys = await (await session.connection()).execute(sql_select(IDEMPOTENCY_KEYS))
            return links, len(keys.all())

    clock.advance(days=1)
    await wiring.housekeeping.run()
    assert await left() == (1, 1)
    clock.advance(minutes=31)
    await wiring.housekeeping.run()
    assert await left() == (0, 1)
    clock.advance(days=6)
    await wiring.housekeeping.run()
    assert await left() == (0, 0)

"""Housekeeping deletes what is no longer needed, and nothing else."""

from datetime import timedelta

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import select

from auth_service.clients.cutoffs import ClientCutoffs
from auth_service.housekeeping import Housekeeping
from auth_service.models import IDEMPOTENCY_KEYS
from auth_service.sessions.models import RefreshToken, Session
from auth_service.tokens.repository import RevokedToken, RevokedTokenRepository
from auth_service.units import AuthUnits
from auth_service.users.models import PasswordToken, TokenPurpose
from auth_service.users.password_tokens import PasswordTokens
from auth_service.users.service import UserService
from common.clock import FrozenClock
from testkit.auth.api import Api


async def counts(auth: AuthUnits) -> tuple[int, int, int]:
    async with auth.database.transaction() as session:
        models = (Session, RefreshToken, RevokedToken)
        sessions, tokens, revoked = [
            (await session.exec(select(func.count()).select_from(model))).one() for model in models
        ]
    return sessions, tokens, revoked


async def test_spent_tokens_of_a_live_session_remain_and_reuse_is_detected(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    first = (await api.login(clerk)).json()["refresh_token"]
    token = first
    for _ in range(6):
        clock.advance(days=13)
        token = (await api.refresh(token)).json()["refresh_token"]
    await auth.get(Housekeeping).run()
    assert await counts(auth) == (1, 7, 0)
    assert (await api.refresh(first)).json()["code"] == "refresh-token-reused"


async def test_the_tokens_of_an_ended_session_are_deleted_first_then_the_session(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    body = (await api.login(clerk)).json()
    await api.logout(body["refresh_token"])
    await auth.get(Housekeeping).run()
    assert await counts(auth) == (1, 1, 0)
    clock.advance(days=1, seconds=1)
    await auth.get(Housekeeping).run()
    assert await counts(auth) == (1, 0, 0)
    late = await api.refresh(body["refresh_token"])
    assert late.json()["code"] == "refresh-token-invalid"
    clock.advance(days=30)
    await auth.get(Housekeeping).run()
    assert await counts(auth) == (0, 0, 0)


async def test_an_expired_session_is_deleted_as_well(
    api: Api, auth: AuthUnits, clerk: str, clock: FrozenClock
) -> None:
    await api.login(clerk)
    clock.advance(days=14 + 29)
    await auth.get(Housekeeping).run()
    assert await counts(auth) == (1, 0, 0)
    clock.advance(days=2)
    await auth.get(Housekeeping).run()
    assert await counts(auth) == (0, 0, 0)


async def test_revoked_tokens_remain_until_long_after_they_expired(
    auth: AuthUnits, clock: FrozenClock
) -> None:
    now = clock.now()
    async with auth.begin() as unit:
        for number in range(1200):
            expires_at = now + timedelta(seconds=number)
            row = RevokedToken(jti=f"{number}", expires_at=expires_at, revoked_at=now)
            unit.get(RevokedTokenRepository).session.add(row)
    clock.advance(days=1, seconds=1000)
    await auth.get(Housekeeping).run()
    assert await counts(auth) == (0, 0, 200)


async def test_cutoffs_of_clients_remain_while_a_token_may_be_affected(
    auth: AuthUnits, clock: FrozenClock
) -> None:
    async def cutoffs() -> int:
        async with auth.begin() as unit:
            return len(await unit.get(ClientCutoffs).since(clock.now() - timedelta(days=365)))

    async with auth.begin() as unit:
        await unit.get(ClientCutoffs).cut("reports")
    clock.advance(days=1)
    await auth.get(Housekeeping).run()
    assert await cutoffs() == 1
    clock.advance(seconds=2)
    await auth.get(Housekeeping).run()
    assert await cutoffs() == 0


async def test_expired_links_and_old_stored_answers_are_deleted(
    api: Api, auth: AuthUnits, admin: str, clerk: str, clock: FrozenClock
) -> None:
    token = await api.token(admin)
    body = {"client_id": "reports", "scopes": [], "audiences": ["auth"]}
    key = {"Idempotency-Key": "k-1"}
    await api.call("POST", "/api/v1/service-clients", token=token, json=body, headers=key)
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(clerk)
        assert user is not None
        await unit.get(PasswordTokens).issue(user, TokenPurpose.RESET)

    async def left() -> tuple[int, int]:
        async with auth.database.transaction() as session:
            links = (await session.exec(select(func.count()).select_from(PasswordToken))).one()
            keys = await (await session.connection()).execute(sql_select(IDEMPOTENCY_KEYS))
            return links, len(keys.all())

    clock.advance(days=1)
    await auth.get(Housekeeping).run()
    assert await left() == (1, 1)
    clock.advance(minutes=31)
    await auth.get(Housekeeping).run()
    assert await left() == (0, 1)
    clock.advance(days=6)
    await auth.get(Housekeeping).run()
    assert await left() == (0, 0)

"""Undoing a change of address from the old one."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.units import AuthUnits
from auth_service.users.identities import Identity, IdentityRepository
from auth_service.users.service import UserService
from common.clock import FrozenClock
from testkit.auth.api import PASSWORD, Api, claims_of
from testkit.auth.emails import (
    CONFIRM,
    NEW_EMAIL,
    UNDO,
    Letters,
    changed,
    request_change,
    use,
)
from testkit.auth.factors import (
    STEP_SECONDS,
    challenge,
    enrol,
    reason,
    show,
    sign_in,
)
from testkit.auth.mailbox import Mailbox

FORGOT = "/api/v1/auth/password/forgot"
RESET = "/api/v1/auth/password/reset"
INVALID = (400, "email-link-invalid")
NEW_PASSWORD = "twelve green herons above a mill"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


@pytest.fixture
def letters(auth: AuthUnits, mailbox: Mailbox) -> Letters:
    return Letters(auth, mailbox)


async def events(auth: AuthUnits, *actions: Action) -> list[tuple[str, str, str | None]]:
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action).in_(actions))
        rows: Sequence[AuditEvent] = (
            await session.exec(statement.order_by(col(AuditEvent.sequence)))
        ).all()
        return [(row.action, row.outcome, row.reason) for row in rows]


async def test_the_old_address_undoes_a_confirmed_change_and_all_that_followed(
    api: Api, auth: AuthUnits, clerk: str, letters: Letters
) -> None:
    undo = await changed(api, letters, clerk)
    later = await changed(api, letters, NEW_EMAIL, "thief@masijala.example")
    signed_in = (await api.login("thief@masijala.example")).json()
    await request_change(api, signed_in["access_token"], "third@masijala.example")
    waiting = await letters.link("third@masijala.example")
    assert await use(api, UNDO, undo) == (204, None)
    assert reason(await api.refresh(signed_in["refresh_token"])) == (401, "refresh-token-invalid")
    for path, link in ((CONFIRM, waiting), (UNDO, later), (UNDO, undo)):
        assert await use(api, path, link) == INVALID
    for email in (clerk, NEW_EMAIL, "thief@masijala.example"):
        assert (await api.login(email)).status_code == 401, "the password may be in other hands"
    reset = {"token": await letters.link(clerk), "new_password": NEW_PASSWORD}
    assert (await api.call("POST", RESET, json=reset)).status_code == 204
    assert (await api.login(clerk, NEW_PASSWORD)).status_code == 200
    assert ("email-change-undo", "success", None) in await events(auth, Action.EMAIL_CHANGE_UNDO)


async def test_ways_in_that_were_set_up_since_the_request_are_closed(
    api: Api, auth: AuthUnits, clock: FrozenClock, clerk: str, letters: Letters
) -> None:
    undo = await changed(api, letters, clerk)
    thief = await api.token(NEW_EMAIL)
    await enrol(api, thief, name="Thief")
    waiting = await challenge(api, NEW_EMAIL)
    async with auth.begin() as unit:
        user = await unit.get(UserService).lock(UUID(claims_of(thief)["sub"]))
        assert user is not None
        linked = Identity(
            user_id=user.id,
            issuer="https://directory.example",
            subject="7",
            created_at=clock.now(),
            last_used_at=clock.now(),
        )
        await unit.get(IdentityRepository).add(linked)
    assert await use(api, UNDO, undo) == (204, None)

    reset = {"token": await letters.link(clerk), "new_password": NEW_PASSWORD}
    assert (await api.call("POST", RESET, json=reset)).status_code == 204
    assert (await api.login(clerk, NEW_PASSWORD)).status_code == 200, "and no factor is asked for"
    assert reason(await show(api, waiting, code="123456")) == (401, "challenge-invalid")
    async with auth.begin() as unit:
        identities = unit.get(IdentityRepository)
        assert await identities.count(identities.of_user(user.id)) == 0
    closed = (Action.FACTOR_REMOVE, Action.IDENTITY_UNLINK)
    assert [action for action, *_ in await events(auth, *closed)] == list(closed)


async def test_a_factor_from_before_the_request_stays(
    api: Api, clock: FrozenClock, clerk: str, letters: Letters
) -> None:
    app = await enrol(api, await api.token(clerk))
    clock.advance(seconds=STEP_SECONDS)
    own = (await sign_in(api, clerk, app)).json()["access_token"]
    clock.advance(seconds=STEP_SECONDS)
    await request_change(api, own)
    assert await use(api, UNDO, await letters.link(clerk)) == (204, None)
    reset = {"token": await letters.link(clerk), "new_password": NEW_PASSWORD}
    assert (await api.call("POST", RESET, json=reset)).status_code == 204
    assert reason(await api.login(clerk, NEW_PASSWORD)) == (401, "factor-required")


async def test_the_old_address_stops_a_change_before_it_is_confirmed(
    api: Api, clerk: str, letters: Letters
) -> None:
    signed_in = (await api.login(clerk)).json()
    await request_change(api, signed_in["access_token"])
    stopped = await letters.link(clerk)
    await request_change(api, signed_in["access_token"], "other@masijala.example")
    confirm = await letters.link("other@masijala.example")
    assert await use(api, UNDO, stopped) == (204, None), "the letter about the first request"
    assert await use(api, CONFIRM, confirm) == INVALID
    assert (await api.refresh(signed_in["refresh_token"])).status_code == 401


async def test_a_change_is_undone_for_72_hours_after_it_was_confirmed(
    api: Api, clerk: str, clock: FrozenClock, letters: Letters
) -> None:
    await request_change(api, await api.token(clerk))
    undo, confirm = await letters.link(clerk), await letters.link(NEW_EMAIL)
    clock.advance(hours=23)
    assert await use(api, CONFIRM, confirm) == (204, None)
    second = await letters.link(clerk)
    assert second != undo
    clock.advance(hours=71, minutes=59)
    assert await use(api, UNDO, undo) == (204, None)

    await changed(api, letters, await with_password(api, letters, clerk), "x@masijala.example")
    late = await letters.link(clerk)
    clock.advance(hours=72)
    assert await use(api, UNDO, late) == INVALID


async def with_password(api: Api, letters: Letters, email: str) -> str:
    """Set the tests' password by the link of the newest letter; the address."""
    reset = {"token": await letters.link(email), "new_password": PASSWORD}
    assert (await api.call("POST", RESET, json=reset)).status_code == 204
    return email


async def test_an_old_address_that_another_account_has_by_now_is_not_taken_back(
    api: Api, admin: str, clerk: str, letters: Letters
) -> None:
    undo = await changed(api, letters, clerk)
    body = {"email": clerk, "name": "Another Clerk"}
    invited = await api.call("POST", "/api/v1/users", token=await api.token(admin), json=body)
    assert invited.status_code == 201
    assert await use(api, UNDO, undo) == (409, "email-taken")
    assert (await api.login(NEW_EMAIL)).status_code == 200


async def test_confirming_and_undoing_at_once_ends_undone(
    api: Api, clerk: str, letters: Letters
) -> None:
    await request_change(api, await api.token(clerk))
    undo, confirm = await letters.link(clerk), await letters.link(NEW_EMAIL)
    confirmed, undone = await asyncio.gather(use(api, CONFIRM, confirm), use(api, UNDO, undo))
    assert undone == (204, None)
    assert confirmed in ((204, None), INVALID)
    assert (await api.login(NEW_EMAIL)).status_code == 401
    assert await use(api, CONFIRM, confirm) == INVALID

"""Authenticator apps and recovery codes: set up, signed in with, lost, and never skipped."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import psycopg
import pytest
from pydantic import SecretStr

from auth_service.app import reseal_factors
from auth_service.audit.actions import Action
from auth_service.factors.service import FactorService, Proof
from auth_service.fields import email_hash
from auth_service.limits.lockout import Lockout
from auth_service.mail.jobs import MailWorker
from auth_service.sessions.models import Method
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from auth_service.wiring import wire
from common.clock import FrozenClock
from testkit.auth.accounts import user_id
from testkit.auth.api import PASSWORD, Api, claims_of
from testkit.auth.factors import (
    FACTORS,
    STEP_SECONDS,
    STEP_UP,
    App,
    challenge,
    enrol,
    show,
    sign_in,
)
from testkit.auth.mailbox import Mailbox, text_of

NEW_PASSWORD: Final = "twelve green herons above a mill"
USERS: Final = "/api/v1/users"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


@pytest.fixture
async def app(api: Api, clerk: str, clock: FrozenClock) -> App:
    """The clerk's, used last a step ago."""
    app = await enrol(api, await api.token(clerk))
    clock.advance(seconds=STEP_SECONDS)
    return app


def reason(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_user_enrols_and_signs_in_with_password_and_code(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    token = await api.token(clerk)
    assert claims_of(token)["acr"] == "aal1"
    app = await enrol(api, token)
    assert len(set(app.recovery_codes)) == 10
    clock.advance(seconds=STEP_SECONDS)

    first = await api.login(clerk)
    assert reason(first) == (401, "factor-required")
    assert set(first.json()) >= {"challenge_token", "methods"}
    assert "access_token" not in first.json()
    assert "set-cookie" not in first.headers
    assert first.json()["methods"] == ["totp", "recovery_code"]

    code = app.code(clock.now())
    signed_in = await show(api, first.json()["challenge_token"], code=f"{code[:3]} {code[3:]}")
    assert signed_in.status_code == 200, signed_in.text
    claims = claims_of(signed_in.json()["access_token"])
    assert (claims["amr"], claims["acr"]) == (["pwd", "otp", "mfa"], "aal2")
    assert signed_in.json()["device_token"]
    refreshed = await api.refresh(signed_in.json()["refresh_token"])
    assert claims_of(refreshed.json()["access_token"])["acr"] == "aal2"
    listed = await api.call("GET", FACTORS, token=signed_in.json()["access_token"])
    (item,) = listed.json()["items"]
    assert (item["kind"], item["name"]) == ("totp", "Phone")
    assert listed.json()["recovery_codes_left"] == 10


async def test_the_session_that_enrols_has_shown_the_factor_and_all_others_end(
    api: Api, clerk: str
) -> None:
    other, own = (await api.login(clerk)).json(), (await api.login(clerk)).json()
    await enrol(api, own["access_token"])
    assert reason(await api.refresh(other["refresh_token"])) == (401, "refresh-token-invalid")
    refreshed = await api.refresh(own["refresh_token"])
    assert claims_of(refreshed.json()["access_token"])["acr"] == "aal2"


async def test_a_code_works_once(api: Api, clerk: str, app: App, clock: FrozenClock) -> None:
    code = app.code(clock.now())
    assert (await show(api, await challenge(api, clerk), code=code)).status_code == 200
    again = await show(api, await challenge(api, clerk), code=code)
    assert reason(again) == (401, "factor-refused")
    earlier = await sign_in(api, clerk, app, -1)
    assert reason(earlier) == (401, "factor-refused"), "what came before it is spent as well"


async def test_the_code_of_the_enrolment_does_not_sign_in(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    app = await enrol(api, await api.token(clerk))
    assert reason(await sign_in(api, clerk, app)) == (401, "factor-refused")
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, clerk, app)).status_code == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_a_clock_may_be_off_by_one_step(
    api: Api, clerk: str, app: App, clock: FrozenClock, steps: int, status: int
) -> None:
    clock.advance(seconds=10 * STEP_SECONDS)
    assert (await sign_in(api, clerk, app, steps)).status_code == status


async def test_of_simultaneous_uses_of_a_code_one_succeeds(
    api: Api, clerk: str, app: App, clock: FrozenClock
) -> None:
    code = app.code(clock.now())
    tokens = [await challenge(api, clerk) for _ in range(5)]
    answers = await asyncio.gather(*(show(api, token, code=code) for token in tokens))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


async def test_a_challenge_is_for_one_sign_in_five_tries_and_five_minutes(
    api: Api, auth: AuthUnits, clerk: str, app: App, clock: FrozenClock
) -> None:
    token = await challenge(api, clerk)
    assert (await show(api, token, code=app.code(clock.now()))).status_code == 200
    clock.advance(seconds=STEP_SECONDS)
    assert reason(await show(api, token, code=app.code(clock.now()))) == (401, "challenge-invalid")

    tried = await challenge(api, clerk)
    for _ in range(5):
        async with auth.begin() as unit:  # the back-off is not the subject
            await unit.get(Lockout).clear(email_hash(clerk))
        assert reason(await show(api, tried, code="000000")) == (401, "factor-refused")
    assert reason(await show(api, tried, code=app.code(clock.now()))) == (401, "challenge-invalid")

    late = await challenge(api, clerk)
    clock.advance(minutes=5)
    assert reason(await show(api, late, code=app.code(clock.now()))) == (401, "challenge-invalid")
    for unknown in ("x", "a" * 64, late[:-2] + "aa"):
        answer = await show(api, unknown, code=app.code(clock.now()))
        assert reason(answer) == (401, "challenge-invalid")


async def test_a_challenge_is_no_session(api: Api, clerk: str, app: App) -> None:
    token = await challenge(api, clerk)
    assert app.secret not in token
    assert reason(await api.refresh(token)) == (401, "refresh-token-invalid")
    headers = {"Authorization": f"Bearer {token}"}
    answer = await api.call("GET", "/api/v1/auth/me", headers=headers)
    assert answer.status_code == 401


async def test_a_new_password_ends_what_waits_for_a_factor(
    api: Api, auth: AuthUnits, clerk: str, app: App, mailbox: Mailbox, clock: FrozenClock
) -> None:
    waiting = await challenge(api, clerk)
    await api.call("POST", "/api/v1/auth/password/forgot", json={"email": clerk})
    await auth.get(MailWorker).empty()
    body = {"token": mailbox.newest_token(), "new_password": NEW_PASSWORD}
    reset = await api.call("POST", "/api/v1/auth/password/reset", json=body)
    assert reset.status_code == 204
    code = app.code(clock.now())
    assert reason(await show(api, waiting, code=code)) == (401, "challenge-invalid")
    # The reset gives no session, and the next sign-in wants the factor as ever.
    assert (await show(api, await challenge(api, clerk, NEW_PASSWORD), code=code)).is_success


async def test_a_deactivated_user_cannot_finish_a_sign_in(
    api: Api, clerk: str, admin: str, app: App, clock: FrozenClock
) -> None:
    waiting, token = await challenge(api, clerk), await api.token(admin)
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    headers = {"If-Match": "*"}
    await api.call("PATCH", path, token=token, json={"is_active": False}, headers=headers)
    answer = await show(api, waiting, code=app.code(clock.now()))
    assert reason(answer) == (401, "challenge-invalid")


async def test_a_recovery_code_works_once_and_the_user_is_notified(
    api: Api, auth: AuthUnits, clerk: str, app: App, mailbox: Mailbox
) -> None:
    code = app.recovery_codes[3]
    as_typed = code.lower().replace("-", " ")
    signed_in = await show(api, await challenge(api, clerk), recovery_code=as_typed)
    assert signed_in.status_code == 200, signed_in.text
    claims = claims_of(signed_in.json()["access_token"])
    assert (claims["amr"], claims["acr"]) == (["pwd", "recovery", "mfa"], "aal2")
    again = await show(api, await challenge(api, clerk), recovery_code=code)
    assert reason(again) == (401, "factor-refused")
    listed = await api.call("GET", FACTORS, token=signed_in.json()["access_token"])
    assert listed.json()["recovery_codes_left"] == 9
    await auth.get(MailWorker).empty()
    letter = mailbox.messages[-1]
    assert "recovery code" in str(letter["Subject"])
    assert "Habari Demo Clerk" in text_of(letter)


async def test_of_simultaneous_uses_of_a_recovery_code_one_succeeds(
    api: Api, clerk: str, app: App
) -> None:
    tokens = [await challenge(api, clerk) for _ in range(4)]
    code = app.recovery_codes[0]
    answers = await asyncio.gather(*(show(api, token, recovery_code=code) for token in tokens))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_new_recovery_codes_replace_the_old_ones(api: Api, clerk: str, app: App) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    answer = await api.call("POST", f"{FACTORS}/recovery-codes", token=token)
    made = answer.json()["recovery_codes"]
    assert len(made) == 10
    old = await show(api, await challenge(api, clerk), recovery_code=app.recovery_codes[0])
    assert reason(old) == (401, "factor-refused")
    assert (await show(api, await challenge(api, clerk), recovery_code=made[0])).is_success


async def test_a_wrong_password_does_not_tell_who_has_a_factor(
    api: Api, clerk: str, viewer: str, app: App
) -> None:
    assert app.secret
    answers = [
        await api.login(email, "not the password")
        for email in (clerk, viewer, "unknown@masijala.example")
    ]
    bodies = [answer.json() | {"request_id": None} for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["code"] == "invalid-credentials"


async def test_wrong_codes_count_as_wrong_passwords_do(
    api: Api, clerk: str, app: App, clock: FrozenClock, database_url: str
) -> None:
    token, waiting = await challenge(api, clerk), await challenge(api, clerk)
    for _ in range(5):
        assert reason(await show(api, token, code="000000")) == (401, "factor-refused")
    assert (await api.login(clerk)).status_code == 429
    assert (await show(api, waiting, code=app.code(clock.now()))).status_code == 429
    with psycopg.connect(database_url) as connection:
        denied = "SELECT reason FROM audit_events WHERE outcome = 'denied'"
        assert connection.execute(denied).fetchall() == [("backing-off",)] * 2
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, clerk, app)).status_code == 200
    # A whole sign-in has cleared the count; the password alone would not have.
    assert reason(await show(api, await challenge(api, clerk), code="000000"))[0] == 401


async def test_a_known_device_shows_its_code_while_strangers_are_stopped(
    api: Api, clerk: str, app: App, clock: FrozenClock
) -> None:
    device = (await sign_in(api, clerk, app)).json()["device_token"]
    clock.advance(seconds=STEP_SECONDS)
    stranger = await challenge(api, clerk)
    for _ in range(5):
        await show(api, stranger, code="000000")
    token = await challenge(api, clerk, device_token=device)
    code = app.code(clock.now())
    assert (await show(api, stranger, code=code)).status_code in {401, 429}
    signed_in = await show(api, token, code=code, device_token=device)
    assert signed_in.status_code == 200
    assert signed_in.json()["device_token"] == device


async def test_by_cookie_the_tokens_come_with_the_second_step(
    api: Api, clerk: str, app: App, clock: FrozenClock
) -> None:
    first = await api.login(clerk, delivery="cookie")
    assert "set-cookie" not in first.headers
    token = first.json()["challenge_token"]
    signed_in = await show(api, token, code=app.code(clock.now()))
    assert "refresh_token" not in signed_in.json()
    names = {text.partition("=")[0] for text in signed_in.headers.get_list("set-cookie")}
    assert names == {"masijala_refresh", "masijala_device"}


async def test_removing_a_factor_requires_that_one_was_just_shown(
    api: Api, auth: AuthUnits, clerk: str, app: App, clock: FrozenClock, mailbox: Mailbox
) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    clock.advance(seconds=901)
    path = f"{FACTORS}/{app.factor_id}"
    refused = await api.call("DELETE", path, token=token)
    assert reason(refused) == (403, "step-up-required")
    assert (refused.json()["acr_values"], refused.json()["max_age"]) == ("aal2", 900)
    assert 'max_age="900"' in refused.headers["WWW-Authenticate"]
    for method, other in (("POST", f"{FACTORS}/recovery-codes"), ("POST", f"{FACTORS}/totp")):
        assert reason(await api.call(method, other, token=token, json={}))[1] == "step-up-required"

    wrong = await api.call("POST", STEP_UP, token=token, json={"code": "000000"})
    assert reason(wrong) == (422, "validation-failed")
    body = {"code": app.code(clock.now())}
    stepped_up = await api.call("POST", STEP_UP, token=token, json=body)
    assert stepped_up.status_code == 200, stepped_up.text
    newer = stepped_up.json()["access_token"]
    assert claims_of(newer)["auth_time"] == int(clock.now().timestamp())
    again = await api.call("POST", STEP_UP, token=token, json=body)
    assert reason(again) == (422, "validation-failed"), "a code works once here as well"

    assert (await api.call("DELETE", path, token=newer)).status_code == 204
    assert (await api.login(clerk)).status_code == 200
    await auth.get(MailWorker).empty()
    assert "removed" in mailbox.subjects[-1]


async def test_guesses_in_a_session_are_slowed_down(api: Api, clerk: str, app: App) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    answers = [
        await api.call("POST", STEP_UP, token=token, json={"code": "000000"}) for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert (await api.login(clerk)).status_code == 401, "the sign-in has its own count"


async def test_a_new_app_replaces_the_old_one_once_it_is_confirmed(
    api: Api, clerk: str, app: App, clock: FrozenClock
) -> None:
    token = (await sign_in(api, clerk, app)).json()["access_token"]
    begun = await api.call("POST", f"{FACTORS}/totp", token=token, json={"name": "New phone"})
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, clerk, app)).status_code == 200, "until then the old one counts"
    newer = App(begun.json()["secret"])
    wrong = {"code": app.code(clock.now(), 1)}
    confirm = f"{FACTORS}/totp/confirm"
    refused = await api.call("POST", confirm, token=token, json=wrong)
    assert reason(refused) == (422, "validation-failed")
    body = {"code": newer.code(clock.now())}
    added = await api.call("POST", confirm, token=token, json=body)
    assert added.json()["recovery_codes"] is None, "the earlier ones still work"
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, clerk, app)).status_code == 401
    assert (await sign_in(api, clerk, newer)).status_code == 200


async def test_enrolling_requires_a_recent_sign_in(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    token = await api.token(clerk)
    clock.advance(seconds=901)
    answer = await api.call("POST", f"{FACTORS}/totp", token=token, json={})
    assert reason(answer) == (403, "reauthentication-required")


async def test_an_administrator_resets_what_a_user_has_lost(
    api: Api, auth: AuthUnits, clerk: str, admin: str, app: App, mailbox: Mailbox
) -> None:
    signed_in = (await sign_in(api, clerk, app)).json()
    token = await api.token(admin)
    path = f"{USERS}/{signed_in['user']['id']}"
    assert (await api.call("GET", path, token=token)).json()["has_factor"]
    waiting = await challenge(api, clerk)
    assert (await api.call("DELETE", f"{path}/factors", token=token)).status_code == 204
    assert not (await api.call("GET", path, token=token)).json()["has_factor"]
    refreshed = await api.refresh(signed_in["refresh_token"])
    assert reason(refreshed) == (401, "refresh-token-invalid")
    code = app.recovery_codes[0]
    answer = await show(api, waiting, recovery_code=code)
    assert reason(answer) == (401, "challenge-invalid")
    assert (await api.login(clerk)).status_code == 200
    await auth.get(MailWorker).empty()
    letter = next(each for each in mailbox.messages if "reset" in str(each["Subject"]))
    assert letter["To"] == clerk
    assert "an administrator has reset" in text_of(letter)
    assert "msimamizi ameondoa" in text_of(letter, "html")


async def test_administrators_do_not_reset_their_own_factors(api: Api, admin: str) -> None:
    token = await api.token(admin)
    path = f"{USERS}/{await user_id(api, token, admin)}/factors"
    await enrol(api, token)
    assert reason(await api.call("DELETE", path, token=token)) == (403, "own-factors")


async def test_one_user_cannot_use_or_remove_what_is_anothers(
    api: Api, clerk: str, viewer: str, app: App, clock: FrozenClock
) -> None:
    token = await api.token(viewer)
    theirs = await enrol(api, token)
    answer = await api.call("DELETE", f"{FACTORS}/{app.factor_id}", token=token)
    assert reason(answer) == (404, "not-found")
    waiting = await challenge(api, clerk)
    clock.advance(seconds=STEP_SECONDS)
    assert (await show(api, waiting, code=theirs.code(clock.now()))).status_code == 401
    code = theirs.recovery_codes[0]
    assert (await show(api, waiting, recovery_code=code)).status_code == 401


async def test_after_a_change_of_the_key_the_old_one_is_not_needed(
    clerk: str, app: App, settings: AuthSettings, clock: FrozenClock
) -> None:
    new, old = "another-key-encryption-key-of-the-tests-9876543210", settings.key_encryption_key[0]
    for keys in ((SecretStr(new), old), (SecretStr(new),)):
        changed = wire(settings.model_copy(update={"key_encryption_key": keys}), clock)
        await reseal_factors(changed)
        async with changed.begin() as unit:
            user = await unit.get(UserService).by_email(clerk)
            assert user is not None
            shown = Proof(code=app.code(clock.now()))
            checked = await unit.get(FactorService).check(user, shown)
            assert checked.method is Method.ONE_TIME_CODE
        clock.advance(seconds=STEP_SECONDS)
        await changed.close()


async def test_a_dump_has_neither_the_secret_nor_a_code(
    api: Api, clerk: str, app: App, database_url: str
) -> None:
    token = await challenge(api, clerk)
    with psycopg.connect(database_url) as connection:
        tables = ("factors", "recovery_codes", "challenges", "audit_events", "procrastinate_jobs")
        rows = [
            str(row)
            for table in tables
            for row in connection.execute(f"SELECT t::text FROM {table} t")  # noqa: S608
        ]
    whole = "\n".join(rows)
    assert "totp" in whole
    for secret in (app.secret, token, *app.recovery_codes):
        assert secret not in whole
        assert secret.encode().hex() not in whole


async def test_the_audit_names_each_event_of_a_factor(
    api: Api, clerk: str, admin: str, app: App, database_url: str
) -> None:
    token = await challenge(api, clerk)
    await show(api, token, code="000000")
    await show(api, token, recovery_code=app.recovery_codes[0])
    administrator = await api.token(admin)
    path = f"{USERS}/{await user_id(api, administrator, clerk)}/factors"
    await api.call("DELETE", path, token=administrator)
    events = _events(database_url)
    assert [
        event for event in events if event[0] not in {Action.USER_CREATE, Action.GRANT_ADD}
    ] == [
        *(("login", "success", None), ("factor-add", "success", None)),
        *(("login-challenge", "success", None), ("login", "failure", "code-wrong")),
        *(("factor-use", "success", None), ("login", "success", None)),
        *(("login", "success", None), ("factor-reset", "success", None)),
        *(("session-end", "success", "administrator"),) * 2,
    ]


def _events(url: str) -> Sequence[tuple[str, str, str | None]]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT action, outcome, reason FROM audit_events WHERE action <> 'key-create'"
            " ORDER BY sequence"
        )
        return [(str(row[0]), str(row[1]), row[2]) for row in rows]


async def test_the_password_is_not_enough_for_a_second_tab_or_an_older_token(
    api: Api, clerk: str, app: App
) -> None:
    for _ in range(2):
        assert reason(await api.login(clerk, PASSWORD)) == (401, "factor-required")
    assert app.secret

"""A printed code: a first password where no mail arrives, and nothing else."""

import asyncio
from typing import Any

import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.mail.jobs import MailWorker
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.accounts import USERS, user_id
from testkit.auth.api import PASSWORD, Api
from testkit.auth.factors import STEP_SECONDS, STEP_UP, App, challenge, enrol, reason, show, sign_in
from testkit.auth.mailbox import Mailbox

RESET = "/api/v1/auth/password/reset"
NEW_PASSWORD = "twelve green herons above a mill"
INVITED = "asha@masijala.example"


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


@pytest.fixture
async def invited(api: Api, token: str) -> str:
    """The path of a user whose invitation is not delivered."""
    body = {
        "email": INVITED,
        "name": "Asha Kamau",
        "grants": [{"role": "data_entry", "courts": "*"}],
    }
    made = await api.call("POST", USERS, token=token, json=body)
    return f"{USERS}/{made.json()['id']}"


async def issue(api: Api, token: str, path: str) -> str:
    """A printed code for a user."""
    answer = await api.call("POST", f"{path}/one-time-code", token=token)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


async def set_password(api: Api, reset_token: str, password: str = NEW_PASSWORD) -> Any:
    body = {"token": reset_token, "new_password": password}
    return await api.call("POST", RESET, json=body)


async def events(auth: AuthUnits, *actions: Action) -> list[tuple[str, str, str | None]]:
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action).in_(actions))
        rows = (await session.exec(statement.order_by(col(AuditEvent.sequence)))).all()
        return [(row.action, row.outcome, row.reason) for row in rows]


async def test_a_code_gives_no_session_but_lets_its_user_set_a_password(
    api: Api, auth: AuthUnits, token: str, invited: str
) -> None:
    code = await issue(api, token, invited)
    seen = (await api.call("GET", invited, token=token)).json()
    assert seen["one_time_code"]["expires_at"] > seen["one_time_code"]["created_at"]
    typed = f"  {code.lower().replace('-', ' ')} ".replace("0", "o")
    refused = await api.login(INVITED, typed, delivery="cookie")
    assert reason(refused) == (401, "password-change-required")
    assert "set-cookie" not in refused.headers
    assert not {"access_token", "refresh_token"} & refused.json().keys()
    reset_token = refused.json()["reset_token"]
    assert (await api.refresh(reset_token)).status_code == 401
    assert reason(await set_password(api, reset_token, "short")) == (422, "validation-failed")
    assert (await set_password(api, reset_token)).status_code == 204
    assert reason(await set_password(api, reset_token)) == (400, "reset-token-invalid")
    assert reason(await api.login(INVITED, code)) == (401, "invalid-credentials")
    assert (await api.login(INVITED, NEW_PASSWORD)).status_code == 200
    after = (await api.call("GET", invited, token=token)).json()
    assert (after["one_time_code"], after["has_password"]) == (None, True)
    wanted = (Action.CODE_ISSUE, Action.CODE_USE, Action.PASSWORD_RESET)
    assert await events(auth, *wanted) == [
        ("code-issue", "success", None),
        ("code-use", "success", None),
        ("password-reset", "success", None),
        ("password-reset", "failure", "token-invalid"),
    ]


async def test_until_a_password_is_set_the_code_can_be_given_again(
    api: Api, token: str, invited: str
) -> None:
    code = await issue(api, token, invited)
    first, second = [(await api.login(INVITED, code)).json()["reset_token"] for _ in range(2)]
    assert reason(await set_password(api, first)) == (400, "reset-token-invalid")
    assert (await set_password(api, second)).status_code == 204


async def test_of_simultaneous_uses_of_a_code_one_sets_the_password(
    api: Api, token: str, invited: str
) -> None:
    code = await issue(api, token, invited)
    answers = await asyncio.gather(*(api.login(INVITED, code) for _ in range(3)))
    tokens = [each.json()["reset_token"] for each in answers]
    set_by = await asyncio.gather(*(set_password(api, each) for each in tokens))
    assert sorted(each.status_code for each in set_by) == [204, 400, 400]


async def test_a_code_works_for_72_hours_and_only_the_newest(
    api: Api, token: str, invited: str, clock: FrozenClock, admin: str
) -> None:
    first, second = await issue(api, token, invited), await issue(api, token, invited)
    assert reason(await api.login(INVITED, first)) == (401, "invalid-credentials")
    clock.advance(hours=71, minutes=59)
    assert reason(await api.login(INVITED, second)) == (401, "password-change-required")
    clock.advance(minutes=1)
    assert reason(await api.login(INVITED, second)) == (401, "invalid-credentials")
    seen = await api.call("GET", invited, token=await api.token(admin))
    assert seen.json()["one_time_code"] is None


async def test_a_code_is_guessed_five_times_at_most_and_only_by_who_knows_its_label(
    api: Api, auth: AuthUnits, token: str, invited: str, clock: FrozenClock
) -> None:
    code = await issue(api, token, invited)
    label = code[:4]
    other = "0000" if label != "0000" else "1111"
    for _ in range(6):
        assert (await api.login(INVITED, other + code[4:])).status_code in {401, 429}
        clock.advance(seconds=300)
    assert reason(await api.login(INVITED, code)) == (401, "password-change-required")
    for _ in range(5):
        assert (await api.login(INVITED, f"{label}-AAAA-AAAA-AAAA-AAAA")).status_code in {401, 429}
        clock.advance(seconds=300)
    assert reason(await api.login(INVITED, code)) == (401, "invalid-credentials")
    wrong = [each for each in await events(auth, Action.CODE_USE) if each[2] == "code-invalid"]
    assert len(wrong) == 6, "the right one as well, after five"


async def test_strangers_who_guess_at_the_password_do_not_stop_the_code(
    api: Api, token: str, invited: str
) -> None:
    code = await issue(api, token, invited)
    while (await api.login(INVITED, "a wrong password")).status_code != 429:
        pass
    assert reason(await api.login(INVITED, code)) == (401, "password-change-required")


async def test_a_code_is_for_its_own_account(
    api: Api, token: str, invited: str, clerk: str
) -> None:
    code = await issue(api, token, invited)
    assert reason(await api.login(clerk, code)) == (401, "invalid-credentials")
    assert reason(await api.login("unknown@masijala.example", code)) == (401, "invalid-credentials")


async def test_a_code_does_not_skip_the_second_factor(
    api: Api, token: str, clerk: str, app: App, clock: FrozenClock
) -> None:
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    code = await issue(api, token, path)
    reset_token = (await api.login(clerk, code)).json()["reset_token"]
    answer = await show(api, reset_token, code=app.code(clock.now()))
    assert reason(answer) == (401, "challenge-invalid")
    assert (await set_password(api, reset_token)).status_code == 204
    waiting = await challenge(api, clerk, NEW_PASSWORD)
    assert (await show(api, waiting, code=app.code(clock.now()))).status_code == 200


async def test_the_password_works_until_a_code_has_replaced_it_and_then_no_session_does(
    api: Api, auth: AuthUnits, mailbox: Mailbox, token: str, clerk: str
) -> None:
    signed_in = (await api.login(clerk)).json()
    path = f"{USERS}/{signed_in['user']['id']}"
    code = await issue(api, token, path)
    assert (await api.login(clerk)).status_code == 200
    reset_token = (await api.login(clerk, code)).json()["reset_token"]
    assert (await set_password(api, reset_token)).status_code == 204
    assert (await api.refresh(signed_in["refresh_token"])).status_code == 401
    assert (await api.login(clerk)).status_code == 401
    await auth.get(MailWorker).empty()
    subjects = [subject.partition(" / ")[0] for subject in mailbox.subjects]
    assert subjects == ["One-time code made", "Your password was changed"]


async def test_a_new_password_ends_a_code(api: Api, token: str, clerk: str) -> None:
    signed_in = (await api.login(clerk)).json()
    code = await issue(api, token, f"{USERS}/{signed_in['user']['id']}")
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    own = signed_in["access_token"]
    assert (
        await api.call("POST", "/api/v1/auth/password/change", token=own, json=body)
    ).status_code == 204
    assert reason(await api.login(clerk, code)) == (401, "invalid-credentials")


async def test_codes_are_for_other_active_users(
    api: Api, token: str, admin: str, invited: str
) -> None:
    own = f"{USERS}/{await user_id(api, token, admin)}/one-time-code"
    assert reason(await api.call("POST", own, token=token)) == (403, "own-account")
    etag = (await api.call("GET", invited, token=token)).headers["ETag"]
    code = await issue(api, token, invited)
    options: dict[str, Any] = {"json": {"is_active": False}, "headers": {"If-Match": etag}}
    assert (await api.call("PATCH", invited, token=token, **options)).status_code == 200
    assert reason(await api.login(INVITED, code)) == (401, "invalid-credentials")
    inactive = await api.call("POST", f"{invited}/one-time-code", token=token)
    assert reason(inactive) == (409, "user-inactive")


async def test_a_stolen_session_of_an_administrator_gets_no_code(
    api: Api, token: str, admin: str, invited: str, clock: FrozenClock
) -> None:
    path = f"{invited}/one-time-code"
    clock.advance(seconds=901)
    stale = await api.call("POST", path, token=token)
    assert reason(stale) == (403, "reauthentication-required")
    own = await enrol(api, await api.token(admin))
    clock.advance(seconds=STEP_SECONDS)
    token = (await sign_in(api, admin, own)).json()["access_token"]
    clock.advance(seconds=901)
    assert reason(await api.call("POST", path, token=token)) == (403, "step-up-required")
    body = {"code": own.code(clock.now())}
    shown = (await api.call("POST", STEP_UP, token=token, json=body)).json()["access_token"]
    assert (await api.call("POST", path, token=shown)).status_code == 200


async def test_a_password_that_looks_like_a_code_works(api: Api, token: str, invited: str) -> None:
    reset_token = (await api.login(INVITED, await issue(api, token, invited))).json()["reset_token"]
    password = "7C2V-0RQX-9M4K-TB3D-W8HA"
    assert (await set_password(api, reset_token, password)).status_code == 204
    assert (await api.login(INVITED, password)).status_code == 200

"""Roles that must have a second factor: time to enrol, and nothing without one afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from auth_service.app import sweep_factors
from auth_service.units import AuthUnits
from common.clock import FrozenClock
from testkit.auth.accounts import another_admin, user_id
from testkit.auth.api import Api, claims_of
from testkit.auth.factors import FACTORS, STEP_SECONDS, App, enrol, show, sign_in

ENROLMENT = "/api/v1/auth/login/enrolment"
USERS = "/api/v1/users"


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"factor_roles": "admin", "factor_grace_days": 14, "mail": "file:/tmp"}


@pytest.fixture(autouse=True)
async def swept(auth: AuthUnits, admin: str, clerk: str) -> None:
    """The administrator's time has begun."""
    assert admin != clerk
    await sweep_factors(auth)


async def after_the_grace(auth: AuthUnits, clock: FrozenClock) -> None:
    clock.advance(days=14)
    await sweep_factors(auth)


async def required(api: Api, email: str) -> str:
    """The token of a sign-in that must set up a second factor first."""
    answer = await api.login(email)
    code = "factor-enrolment-required"
    assert (answer.status_code, answer.json()["code"]) == (401, code), answer.text
    assert "access_token" not in answer.json()
    return str(answer.json()["challenge_token"])


async def test_until_then_the_user_signs_in_and_sees_the_date(
    api: Api, admin: str, clerk: str, clock: FrozenClock
) -> None:
    answer = (await api.login(admin)).json()
    due = (clock.now() + timedelta(days=14)).isoformat().replace("+00:00", "Z")
    assert answer["user"]["factor_due_at"] == due
    me = (await api.me(answer["access_token"])).json()
    assert me["factor_due_at"] == due
    listed = (await api.call("GET", FACTORS, token=answer["access_token"])).json()
    assert (listed["obligatory"], listed["due_at"]) == (True, due)
    other = (await api.login(clerk)).json()
    assert "factor_due_at" not in other["user"]


async def test_after_it_a_password_gives_no_session_but_the_way_to_enrol(
    api: Api, auth: AuthUnits, admin: str, clerk: str, clock: FrozenClock
) -> None:
    await after_the_grace(auth, clock)
    assert (await api.login(clerk)).status_code == 200
    token = await required(api, admin)
    early = await show(api, token, code="000000")
    assert early.json()["code"] == "factor-refused", "there is no app yet"
    begun = await api.call("POST", ENROLMENT, json={"challenge_token": token})
    app = App(begun.json()["secret"])
    assert begun.json()["uri"].startswith("otpauth://totp/Masijala:")
    signed_in = await show(api, token, code=app.code(clock.now()))
    assert signed_in.status_code == 200, signed_in.text
    assert len(signed_in.json()["recovery_codes"]) == 10
    assert "factor_due_at" not in signed_in.json()["user"]
    assert claims_of(signed_in.json()["access_token"])["acr"] == "aal2"
    clock.advance(seconds=STEP_SECONDS)
    assert (await sign_in(api, admin, app)).status_code == 200
    again = await api.call("POST", ENROLMENT, json={"challenge_token": token})
    assert again.json()["code"] == "challenge-invalid"


async def test_sessions_from_before_end_at_their_next_refresh(
    api: Api, admin: str, clerk: str, clock: FrozenClock
) -> None:
    clock.advance(days=5)
    sessions = [(await api.login(email)).json() for email in (admin, clerk)]
    assert (await api.refresh(sessions[0]["refresh_token"])).status_code == 200
    clock.advance(seconds=60)
    late, other = [(await api.login(email)).json() for email in (admin, clerk)]
    clock.advance(days=9)
    refused = await api.refresh(late["refresh_token"])
    assert (refused.status_code, refused.json()["code"]) == (401, "refresh-token-invalid")
    assert (await api.refresh(other["refresh_token"])).status_code == 200
    assert (await api.refresh(sessions[1]["refresh_token"])).status_code == 200


async def test_a_factor_set_up_in_time_ends_the_obligation_to_set_one_up(
    api: Api, auth: AuthUnits, admin: str, clock: FrozenClock
) -> None:
    session = (await api.login(admin)).json()
    await enrol(api, session["access_token"])
    await after_the_grace(auth, clock)
    clock.advance(days=-1)
    refreshed = await api.refresh(session["refresh_token"])
    assert refreshed.status_code == 200, "the session has shown it"
    assert (await api.me(refreshed.json()["access_token"])).json()["factor_due_at"] is None


async def test_the_last_factor_of_who_must_have_one_stays(api: Api, admin: str) -> None:
    token = await api.token(admin)
    app = await enrol(api, token)
    answer = await api.call("DELETE", f"{FACTORS}/{app.factor_id}", token=token)
    assert (answer.status_code, answer.json()["code"]) == (409, "factor-obligatory")


async def test_a_user_who_is_granted_the_role_has_time_from_then_on(
    api: Api, auth: AuthUnits, admin: str, clerk: str, clock: FrozenClock
) -> None:
    clock.advance(days=10)
    token = await api.token(admin)
    path = f"{USERS}/{await user_id(api, token, clerk)}"
    body = {"role": "admin", "courts": "*"}
    grant = (await api.call("POST", f"{path}/grants", token=token, json=body)).json()
    await sweep_factors(auth)
    clock.advance(days=13)
    answer = await api.login(clerk)
    assert answer.json()["user"]["factor_due_at"]
    clock.advance(days=1)
    await required(api, clerk)
    other = await another_admin(auth, "other@masijala.example")
    await sweep_factors(auth)
    token = await api.token(other)
    await api.call("DELETE", f"{path}/grants/{grant['id']}", token=token)
    assert (await api.login(clerk)).status_code == 200, "without the role it is not obligatory"
    await sweep_factors(auth)
    assert (await api.call("GET", path, token=token)).json()["factor_due_at"] is None


async def test_after_a_reset_the_next_factor_is_due_at_once(
    api: Api, auth: AuthUnits, admin: str
) -> None:
    await enrol(api, await api.token(admin))
    other = await another_admin(auth, "other@masijala.example")
    token = await api.token(other)
    path = f"{USERS}/{await user_id(api, token, admin)}/factors"
    assert (await api.call("DELETE", path, token=token)).status_code == 204
    await required(api, admin)


async def test_a_user_who_need_not_enrol_cannot_do_so_by_a_challenge(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    app = await enrol(api, await api.token(clerk))
    clock.advance(seconds=STEP_SECONDS)
    token = (await api.login(clerk)).json()["challenge_token"]
    answer = await api.call("POST", ENROLMENT, json={"challenge_token": token})
    assert answer.json()["code"] == "challenge-invalid", "the factor is not replaced by a password"
    assert (await show(api, token, code=app.code(clock.now()))).status_code == 200


class TestWithoutGrace:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"factor_roles": "admin,viewer", "factor_grace_days": 0, "mail": "file:/tmp"}

    async def test_it_is_due_before_any_sweep(self, api: Api, auth: AuthUnits, viewer: str) -> None:
        await required(api, viewer)
        other = await another_admin(auth, "other@masijala.example")
        await required(api, other)

"""Passkeys by an authenticator in software: as a second factor, alone, and to step up."""

from dataclasses import replace
from typing import Any, Final

import pytest

from common.clock import FrozenClock
from testkit.auth.accounts import user_id
from testkit.auth.api import Api, claims_of
from testkit.auth.authenticator import Authenticator
from testkit.auth.factors import FACTORS, STEP_SECONDS, STEP_UP, App, enrol, show

PASSKEYS: Final = f"{FACTORS}/passkeys"
ALONE: Final = "/api/v1/auth/login/passkey"


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"passkey_domain": "localhost", "mail": "file:/tmp"}


async def register(api: Api, token: str, passkey: Authenticator, **changes: Any) -> Any:
    """The response to a new passkey."""
    begun = (await api.call("POST", f"{PASSKEYS}/options", token=token)).json()
    body = {
        "challenge_token": begun["challenge_token"],
        "passkey": passkey.create(begun["options"]),
    }
    return await api.call("POST", PASSKEYS, token=token, json=body | changes)


@pytest.fixture
async def passkey(api: Api, clerk: str) -> Authenticator:
    """The clerk's."""
    passkey = Authenticator()
    added = await register(api, await api.token(clerk), passkey, name="Counter 3")
    assert added.status_code == 200, added.text
    assert added.json()["factor"]["kind"] == "passkey"
    assert len(added.json()["recovery_codes"]) == 10
    return passkey


async def begin(api: Api, email: str) -> dict[str, Any]:
    """What a right password gives."""
    answer = await api.login(email)
    assert answer.json()["code"] == "factor-required"
    wanted: dict[str, Any] = answer.json()
    return wanted


async def test_a_passkey_is_a_second_factor(api: Api, clerk: str, passkey: Authenticator) -> None:
    wanted = await begin(api, clerk)
    assert wanted["methods"] == ["passkey", "recovery_code"]
    (allowed,) = wanted["passkey"]["allowCredentials"]
    assert allowed["transports"] == ["internal"]
    passkey.verifies = False  # the password is the other factor
    signed_in = await show(api, wanted["challenge_token"], passkey=passkey.get(wanted["passkey"]))
    assert signed_in.status_code == 200, signed_in.text
    claims = claims_of(signed_in.json()["access_token"])
    assert (claims["amr"], claims["acr"]) == (["pwd", "pop", "mfa"], "aal2")


async def test_a_passkey_signs_in_alone_when_it_verifies_its_user(
    api: Api, clerk: str, passkey: Authenticator
) -> None:
    begun = (await api.call("POST", ALONE, json={"delivery": "cookie"})).json()
    assert begun["options"]["userVerification"] == "required"
    assert begun["options"].get("allowCredentials", []) == [], "it tells of no account"
    credential = passkey.get(begun["options"])
    signed_in = await show(api, begun["challenge_token"], passkey=credential)
    assert signed_in.status_code == 200, signed_in.text
    assert signed_in.json()["user"]["email"] == clerk
    assert claims_of(signed_in.json()["access_token"])["amr"] == ["pop", "mfa"]
    assert "masijala_refresh" in signed_in.headers["set-cookie"]
    again = await show(api, begun["challenge_token"], passkey=credential)
    assert again.json()["code"] == "challenge-invalid"

    begun = (await api.call("POST", ALONE, json={})).json()
    passkey.verifies = False
    refused = await show(api, begun["challenge_token"], passkey=passkey.get(begun["options"]))
    assert (refused.status_code, refused.json()["code"]) == (401, "factor-refused")


async def test_a_code_does_not_answer_the_challenge_of_a_passkey_alone(
    api: Api, clerk: str, passkey: Authenticator
) -> None:
    assert passkey.sign_count == 0
    begun = (await api.call("POST", ALONE, json={})).json()
    for proof in ({"code": "123456"}, {"recovery_code": "7C2V-0RQX-9M4K-TB3D"}):
        refused = await show(api, begun["challenge_token"], **proof)
        assert refused.json()["code"] == "factor-refused"
    assert clerk


async def test_a_passkey_of_another_user_or_of_another_page_is_refused(
    api: Api, clerk: str, viewer: str, passkey: Authenticator
) -> None:
    other = Authenticator()
    await register(api, await api.token(viewer), other)
    wanted = await begin(api, clerk)
    elsewhere = replace(passkey, origin="https://evil.example")
    forged = replace(passkey, private=other.private)
    unknown = Authenticator()
    stale = passkey.get((await begin(api, clerk))["passkey"])
    credentials = [each.get(wanted["passkey"]) for each in (other, elsewhere, forged, unknown)]
    for credential in (*credentials, stale):
        refused = await show(api, wanted["challenge_token"], passkey=credential)
        assert (refused.status_code, refused.json()["code"]) == (401, "factor-refused")


async def test_a_copied_passkey_is_noticed_by_its_counter(
    api: Api, clerk: str, passkey: Authenticator
) -> None:
    copy = replace(passkey)
    for _ in range(2):
        wanted = await begin(api, clerk)
        credential = passkey.get(wanted["passkey"])
        assert (await show(api, wanted["challenge_token"], passkey=credential)).status_code == 200
    wanted = await begin(api, clerk)
    refused = await show(api, wanted["challenge_token"], passkey=copy.get(wanted["passkey"]))
    assert refused.json()["code"] == "factor-refused"


@pytest.mark.parametrize("broken", [{}, {"id": 7}, {"id": "x", "response": []}, {"id": "é"}])
async def test_what_is_no_credential_is_refused(
    api: Api, clerk: str, passkey: Authenticator, broken: dict[str, Any]
) -> None:
    wanted = await begin(api, clerk)
    mixed = passkey.get(wanted["passkey"]) | {"response": {"clientDataJSON": 5}}
    for credential in (broken, mixed):
        refused = await show(api, wanted["challenge_token"], passkey=credential)
        assert (refused.status_code, refused.json()["code"]) == (401, "factor-refused")
    token = (await show(api, wanted["challenge_token"], recovery_code="x")).json()
    assert token["code"] == "factor-refused"


async def test_only_what_was_made_for_this_session_and_challenge_is_registered(
    api: Api, clerk: str, viewer: str
) -> None:
    token, other = await api.token(clerk), await api.token(viewer)
    begun = (await api.call("POST", f"{PASSKEYS}/options", token=token)).json()
    body = {
        "challenge_token": begun["challenge_token"],
        "passkey": Authenticator().create(begun["options"]),
    }
    for caller, changes in (
        (other, {}),
        (token, {"challenge_token": "a" * 64}),
        (token, {"passkey": {"id": "x"}}),
    ):
        refused = await api.call("POST", PASSKEYS, token=caller, json=body | changes)
        assert refused.status_code == 422, refused.text
    elsewhere = Authenticator(origin="https://evil.example")
    assert (await register(api, token, elsewhere)).status_code == 422
    assert (await api.call("GET", FACTORS, token=token)).json()["items"] == []


async def test_a_passkey_is_registered_once(api: Api, viewer: str, passkey: Authenticator) -> None:
    answer = await register(api, await api.token(viewer), passkey)
    assert (answer.status_code, answer.json()["code"]) == (409, "passkey-known")


async def test_a_user_has_ten_factors_at_most(api: Api, clerk: str, clock: FrozenClock) -> None:
    token = await api.token(clerk)
    app = App((await api.call("POST", f"{FACTORS}/totp", token=token, json={})).json()["secret"])
    for _ in range(10):
        assert (await register(api, token, Authenticator())).status_code == 200
    eleventh = await register(api, token, Authenticator())
    assert (eleventh.status_code, eleventh.json()["code"]) == (409, "factor-limit")
    body = {"code": app.code(clock.now())}
    late = await api.call("POST", f"{FACTORS}/totp/confirm", token=token, json=body)
    assert (late.status_code, late.json()["code"]) == (409, "factor-limit")


async def test_a_new_app_needs_no_room_where_it_replaces_one(
    api: Api, clerk: str, clock: FrozenClock
) -> None:
    token = await api.token(clerk)
    await enrol(api, token)
    for _ in range(9):
        assert (await register(api, token, Authenticator())).status_code == 200
    clock.advance(seconds=STEP_SECONDS)
    newer = await enrol(api, token, name="New phone")
    own = (await api.call("GET", FACTORS, token=token)).json()["items"]
    assert [each["id"] for each in own if each["kind"] == "totp"] == [newer.factor_id]
    assert len(own) == 10


async def test_a_passkey_steps_up(
    api: Api, clerk: str, passkey: Authenticator, clock: FrozenClock
) -> None:
    wanted = await begin(api, clerk)
    credential = passkey.get(wanted["passkey"])
    signed_in = await show(api, wanted["challenge_token"], passkey=credential)
    token = signed_in.json()["access_token"]
    clock.advance(hours=1)
    begun = (await api.call("POST", f"{STEP_UP}/passkey", token=token)).json()
    body = {
        "challenge_token": begun["challenge_token"],
        "passkey": passkey.get(begun["options"]),
    }
    wrong = await api.call("POST", STEP_UP, token=token, json={"passkey": body["passkey"]})
    assert wrong.status_code == 422
    stepped_up = await api.call("POST", STEP_UP, token=token, json=body)
    assert stepped_up.status_code == 200, stepped_up.text
    claims = claims_of(stepped_up.json()["access_token"])
    assert claims["auth_time"] == int(clock.now().timestamp())
    assert (await api.call("POST", STEP_UP, token=token, json=body)).status_code == 422
    (factor,) = (await api.call("GET", FACTORS, token=token)).json()["items"]
    path = f"{FACTORS}/{factor['id']}"
    assert (await api.call("DELETE", path, token=token)).status_code == 204


async def test_strangers_who_guess_at_the_password_do_not_stop_a_passkey(
    api: Api, clerk: str, passkey: Authenticator
) -> None:
    for _ in range(6):
        await api.login(clerk, "not the password")
    assert (await api.login(clerk)).status_code == 429
    begun = (await api.call("POST", ALONE, json={})).json()
    signed_in = await show(api, begun["challenge_token"], passkey=passkey.get(begun["options"]))
    assert signed_in.status_code == 200


async def test_strangers_who_know_a_passkey_do_not_stop_the_password(
    api: Api, clerk: str, passkey: Authenticator
) -> None:
    begun = (await api.call("POST", ALONE, json={})).json()
    forged = replace(passkey, private=Authenticator().private).get(begun["options"])
    for _ in range(5):
        refused = await show(api, begun["challenge_token"], passkey=forged)
        assert refused.json()["code"] == "factor-refused"
    again = await show(api, begun["challenge_token"], passkey=passkey.get(begun["options"]))
    assert again.json()["code"] == "challenge-invalid", "the challenge itself has its tries"
    assert (await begin(api, clerk))["challenge_token"]


async def test_a_deactivated_user_has_no_passkey_sign_in(
    api: Api, clerk: str, admin: str, passkey: Authenticator
) -> None:
    token = await api.token(admin)
    path = f"/api/v1/users/{await user_id(api, token, clerk)}"
    change = {"json": {"is_active": False}, "headers": {"If-Match": "*"}}
    assert (await api.call("PATCH", path, token=token, **change)).status_code == 200
    begun = (await api.call("POST", ALONE, json={})).json()
    refused = await show(api, begun["challenge_token"], passkey=passkey.get(begun["options"]))
    assert refused.status_code == 401

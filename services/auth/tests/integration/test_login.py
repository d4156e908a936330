"""Signing in: one way to succeed, one answer to every way of failing."""

import asyncio
import json
import unicodedata
from datetime import datetime

import httpx
import psycopg
import pytest
from sqlmodel import col, select

from auth_service.audit.actions import Action, EventOutcome
from auth_service.audit.models import AuditEvent
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.scheme import make_context
from auth_service.sessions.models import Session
from auth_service.units import AuthUnits
from auth_service.users.models import User
from auth_service.users.service import UserService
from common.access_tokens import TokenRules
from common.clock import FrozenClock
from common.database import Database
from common.identity import Role, user_principal
from common.jwks import parse_jwks
from testkit.auth.api import IP, PASSWORD, Api, claims_of
from testkit.auth.settings import ISSUER


async def events(auth: AuthUnits) -> list[AuditEvent]:
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).order_by(col(AuditEvent.sequence))
        return list((await session.exec(statement)).all())


async def change_user(auth: AuthUnits, email: str, **values: object) -> None:
    async with auth.database.transaction() as session:
        user = (await session.exec(select(User).where(col(User.email) == email))).one()
        for name, value in values.items():
            setattr(user, name, value)


async def test_the_answer_holds_tokens_session_and_user(api: Api, clerk: str) -> None:
    response = await api.login(clerk, device_name="Counter 3")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert body["token_type"] == "Bearer"
    assert 570 <= body["expires_in"] <= 600
    assert body["refresh_expires_in"] == 14 * 24 * 3600
    assert body["user"]["email"] == clerk
    assert body["user"]["grants"] == [{"role": "data_entry", "courts": "*"}]
    assert set(body["session"]) == {"id", "expires_at"}


async def test_the_time_of_sign_in_is_the_same_in_every_token_of_a_session(
    api: Api, clerk: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ticking(_: FrozenClock) -> datetime:
        clock.advance(seconds=1)
        return clock.at

    monkeypatch.setattr(FrozenClock, "now", ticking)
    first = (await api.login(clerk)).json()
    second = (await api.refresh(first["refresh_token"])).json()
    born = [claims_of(each["access_token"])["auth_time"] for each in (first, second)]
    assert born[0] == born[1]


async def test_the_access_token_is_of_the_rfc_9068_profile(
    api: Api, clock: FrozenClock, clerk: str
) -> None:
    body = (await api.login(clerk)).json()
    published = (await api.client.get("/.well-known/jwks.json")).json()
    rules = TokenRules(ISSUER, "masijala", leeway_seconds=0)
    keys = parse_jwks(published)
    claims = rules.verify(body["access_token"], lambda kid: keys.get(kid or ""), clock.now())
    principal = user_principal(claims)
    assert str(principal.session_id) == body["session"]["id"]
    assert principal.scope_for(Role.DATA_ENTRY).courts is None
    assert set(claims) == {
        *("iss", "sub", "aud", "client_id", "iat", "exp", "jti", "sid", "auth_time", "ver"),
        *("grants", "amr", "acr"),
    }


async def test_the_address_may_be_spelled_in_any_case(api: Api, clerk: str) -> None:
    assert (await api.login(f"  {clerk.upper()} ")).status_code == 200


async def test_every_refused_sign_in_gets_the_same_answer(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    answers = [await api.login(clerk, "not the password"), await api.login("unknown@x.example")]
    await change_user(auth, clerk, is_active=False)
    answers.append(await api.login(clerk))
    await change_user(auth, clerk, is_active=True, password_hash=None)
    answers.append(await api.login(clerk))
    bodies = [response.json() for response in answers]
    for body in bodies:
        del body["request_id"]
    assert {response.status_code for response in answers} == {401}
    assert bodies[0]["code"] == "invalid-credentials"
    assert all(body == bodies[0] for body in bodies)
    names = [sorted(name for name in response.headers) for response in answers]
    assert all(name == names[0] for name in names)


async def test_failures_and_successes_are_in_the_audit_log(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    await api.login(clerk, "not the password", device_name="x")
    await api.login("unknown@masijala.example")
    await api.login(clerk)
    logins = [event for event in await events(auth) if event.action is Action.LOGIN]
    assert [(event.outcome, event.reason) for event in logins] == [
        (EventOutcome.FAILURE, "wrong-password"),
        (EventOutcome.FAILURE, "unknown-account"),
        (EventOutcome.SUCCESS, None),
    ]
    assert all(event.ip == IP and event.request_id and event.user_agent for event in logins)


async def test_a_password_is_not_trimmed(api: Api, clerk: str) -> None:
    assert (await api.login(clerk, f" {PASSWORD}")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"email": "a@b.example"},
        {"email": "a@b.example", "password": ""},
        {"email": "a@b.example", "password": "x", "role": "admin"},
        {"email": "a\x00@b.example", "password": "x"},
        {"email": "a@b.example", "password": 7},
        {"email": "a@b.example", "password": "x", "delivery": "pigeon"},
        {"email": "a@b.example", "password": "x" * 1025},
        [],
    ],
)
async def test_malformed_input_is_refused_by_field(api: Api, body: object) -> None:
    response = await api.call("POST", "/api/v1/auth/login", json=body)
    assert response.status_code == 422
    assert response.json()["code"] == "validation-failed"


@pytest.mark.parametrize("name", ["a\nb", "a\u2028b", "\u202ebank", "\x7f", "\u0344" * 100])
async def test_the_name_of_a_device_is_one_line_of_printable_text(
    api: Api, clerk: str, name: str
) -> None:
    assert (await api.login(clerk, device_name=name)).status_code == 422


@pytest.mark.parametrize("field", ["email", "password", "device_name"])
async def test_a_lone_surrogate_is_no_text(api: Api, field: str) -> None:
    values = {"email": "a@b.example", "password": "x"} | {field: "\ud800"}
    body = json.dumps(values).encode()
    headers = {"Content-Type": "application/json"}
    response = await api.call("POST", "/api/v1/auth/login", content=body, headers=headers)
    assert response.status_code == 422


async def test_a_hash_of_an_older_system_is_replaced_at_sign_in(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    context = make_context(auth.get(PasswordHasher).scheme.cost)
    old = context.handler("bcrypt").using(rounds=4).hash("an older shorter one")
    await change_user(auth, clerk, password_hash=old)
    assert (await api.login(clerk, "an older shorter one")).status_code == 200
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email(clerk)
    assert user is not None
    assert user.password_hash is not None
    assert user.password_hash.startswith("$argon2id$")
    assert (await api.login(clerk, "an older shorter one")).status_code == 200


async def test_sign_ins_at_once_whose_hash_is_replaced_all_succeed(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    old = make_context(auth.get(PasswordHasher).scheme.cost).handler("bcrypt")
    await change_user(auth, clerk, password_hash=old.using(rounds=4).hash("an older shorter one"))
    answers = await asyncio.gather(*(api.login(clerk, "an older shorter one") for _ in range(4)))
    assert [each.status_code for each in answers] == [200] * 4


async def test_every_login_opens_a_separate_session(api: Api, clerk: str) -> None:
    one, two = (await api.login(clerk)).json(), (await api.login(clerk)).json()
    assert one["session"]["id"] != two["session"]["id"]
    assert one["refresh_token"] != two["refresh_token"]


async def test_a_commit_that_fails_is_not_an_answer_of_success(
    api: Api, auth: AuthUnits, clerk: str, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no'; END $$"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON sessions"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    response = await api.login(clerk)
    assert response.status_code == 500
    assert "access_token" not in response.text
    async with auth.database.transaction() as session:
        assert (await session.exec(select(Session))).all() == []


async def test_a_token_carries_no_expired_grant(api: Api, auth: AuthUnits, clerk: str) -> None:
    async with auth.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE grants SET expires_at = now() - interval '1 s'")
    body = (await api.login(clerk)).json()
    assert claims_of(body["access_token"])["grants"] == []
    assert body["user"]["grants"] == []


async def test_without_postgres_the_answer_is_a_503_problem(
    api: Api, auth: AuthUnits, clerk: str
) -> None:
    unreachable = Database.connect("postgresql://127.0.0.1:1/nowhere")
    object.__setattr__(auth, "database", unreachable)
    response: httpx.Response = await api.login(clerk)
    await unreachable.close()
    assert response.status_code == 503
    assert response.json()["code"] == "unavailable"


async def test_an_invited_address_signs_in_in_either_form_of_its_domain(
    api: Api, auth: AuthUnits, admin: str
) -> None:
    body = {"email": "idn@xn--zrich-kva.example", "name": "Ida"}
    made = await api.call("POST", "/api/v1/users", token=await api.token(admin), json=body)
    assert made.json()["email"] == "idn@zürich.example"
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email("idn@ZÜRICH.example")
        assert user is not None
        user.password_hash = await auth.get(PasswordHasher).hash(PASSWORD)
    for email in ("idn@zürich.example", "idn@xn--zrich-kva.example"):
        assert (await api.login(email)).status_code == 200


async def test_a_search_finds_a_name_in_either_form(api: Api, admin: str) -> None:
    token = await api.token(admin)
    decomposed = unicodedata.normalize("NFD", "José")
    body = {"email": "jose@masijala.example", "name": decomposed}
    assert (await api.call("POST", "/api/v1/users", token=token, json=body)).status_code == 201
    for wanted in ("José", decomposed):
        found = await api.call("GET", "/api/v1/users", token=token, params={"q": wanted})
        assert [user["name"] for user in found.json()["items"]] == ["José"]

"""An anonymised account says nothing of who it was; its ID and the audit log stay whole."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from auth_service.mail.jobs import MailWorker
from auth_service.units import AuthUnits
from auth_service.users.service import UserService
from common.audit.maintenance import ChainAudit
from common.audit.sealer import Sealer
from testkit.auth.accounts import USERS, user_id
from testkit.auth.api import PASSWORD, Api
from testkit.auth.factors import enrol, reason
from testkit.auth.mailbox import Mailbox

EMAIL = "asha@masijala.example"
NAME = "Asha Kamau"
DEVICE = "Counter of Asha"
PERSONAL = (EMAIL, NAME, DEVICE, "203.0.113.7", "browser-of-asha")


@pytest.fixture
def settings_changes(smtp_settings: dict[str, Any]) -> dict[str, Any]:
    return smtp_settings


@pytest.fixture
async def token(api: Api, admin: str) -> str:
    """An administrator's access token."""
    return await api.token(admin)


@pytest.fixture
async def asha(api: Api, auth: AuthUnits, mailbox: Mailbox, token: str) -> str:
    """The path of an account that has left traces of every kind."""
    body = {"email": EMAIL, "name": NAME, "grants": [{"role": "viewer", "courts": "*"}]}
    headers = {"Idempotency-Key": "of-asha"}
    made = await api.call("POST", USERS, token=token, json=body, headers=headers)
    await auth.get(MailWorker).empty()
    link = {"token": mailbox.newest_token(), "new_password": PASSWORD}
    await api.call("POST", "/api/v1/auth/password/reset", json=link)
    credentials = {"email": EMAIL, "password": PASSWORD, "device_name": DEVICE}
    agent = {"User-Agent": "browser-of-asha"}
    signed_in = await api.call("POST", "/api/v1/auth/login", json=credentials, headers=agent)
    await enrol(api, signed_in.json()["access_token"], name=DEVICE)
    await api.login(EMAIL, "a password that is wrong")
    mailbox.recipient_answer = f"550 <{EMAIL}> unknown"
    await auth.get(MailWorker).empty()
    await api.call("POST", "/api/v1/auth/password/forgot", json={"email": EMAIL})
    return f"{USERS}/{made.json()['id']}"


async def deactivate(api: Api, token: str, path: str) -> None:
    version = (await api.call("GET", path, token=token)).headers["ETag"]
    body, headers = {"is_active": False}, {"If-Match": version}
    done = await api.call("PATCH", path, token=token, json=body, headers=headers)
    assert done.status_code == 200, done.text


def outside_the_audit(url: str, subject: str) -> str:
    """Every row in every table but the audit's, without those of other users."""
    rows: list[str] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            if not table.startswith("audit_"):
                query = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))
                rows.extend(row for (row,) in connection.execute(query))
    admins = "admin@masijala.example"
    return "\n".join(row for row in rows if subject in row or admins not in row)


async def test_nothing_personal_is_left_outside_of_the_audit_log(
    api: Api, token: str, asha: str, database_url: str
) -> None:
    subject = asha.rpartition("/")[2]
    await deactivate(api, token, asha)
    before = outside_the_audit(database_url, subject)
    assert [text for text in PERSONAL if text not in before] == []
    assert (await api.call("POST", f"{asha}/anonymise", token=token)).status_code == 204
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM sessions WHERE user_id <> %s", [subject])  # the admin's IP
    after = outside_the_audit(database_url, subject)
    assert [text for text in PERSONAL if text in after] == []
    assert subject in after


async def test_the_id_stays_and_other_services_see_a_neutral_name(
    api: Api, auth: AuthUnits, token: str, asha: str
) -> None:
    await deactivate(api, token, asha)
    await api.call("POST", f"{asha}/anonymise", token=token)
    read = (await api.call("GET", asha, token=token)).json()
    assert (read["name"], read["grants"], read["has_factor"]) == ("Former user", [], False)
    assert (read["has_password"], read["mail"], read["is_active"]) == (False, None, False)
    async with auth.begin() as unit:
        (named,) = await unit.get(UserService).named({read["id"]})
    assert named.name == "Former user"
    assert (await api.login(EMAIL)).status_code == 401
    assert (await api.login(read["email"])).status_code == 401


async def test_the_audit_log_is_whole_and_verifies(
    api: Api, auth: AuthUnits, token: str, asha: str
) -> None:
    subject = asha.rpartition("/")[2]
    await auth.get(Sealer).run()
    query = f"/api/v1/audit-events?subject_id={subject}&limit=100"
    before = (await api.call("GET", query, token=token)).json()["items"]
    await deactivate(api, token, asha)
    await api.call("POST", f"{asha}/anonymise", token=token)
    await auth.get(Sealer).checkpoint()
    report = await auth.get(ChainAudit).verify()
    assert (report.faults, report.rows > len(before)) == ([], True)
    after = (await api.call("GET", query, token=token)).json()["items"]
    assert after[0]["action"] == "user-anonymise"
    assert [event["sequence"] for event in after[-len(before) :]] == [
        event["sequence"] for event in before
    ]
    assert any(event["ip"] == "203.0.113.7" for event in after[-len(before) :])


async def test_only_a_deactivated_account_is_anonymised_and_only_once(
    api: Api, token: str, asha: str
) -> None:
    active = await api.call("POST", f"{asha}/anonymise", token=token)
    assert reason(active) == (409, "user-active")
    await deactivate(api, token, asha)
    for _ in range(2):
        assert (await api.call("POST", f"{asha}/anonymise", token=token)).status_code == 204
    events = await api.call("GET", "/api/v1/audit-events?action=user-anonymise", token=token)
    assert len(events.json()["items"]) == 1
    version = (await api.call("GET", asha, token=token)).headers["ETag"]
    for body in ({"is_active": True}, {"name": "Asha again"}):
        options: dict[str, Any] = {"json": body, "headers": {"If-Match": version}}
        refused = await api.call("PATCH", asha, token=token, **options)
        assert reason(refused) == (409, "user-anonymised")
    grant = {"role": "viewer", "courts": "*"}
    given = await api.call("POST", f"{asha}/grants", token=token, json=grant)
    assert reason(given) == (409, "user-anonymised")


async def test_the_address_is_free_for_another_account(api: Api, token: str, asha: str) -> None:
    await deactivate(api, token, asha)
    await api.call("POST", f"{asha}/anonymise", token=token)
    body = {"email": EMAIL, "name": "Asha Otieno", "grants": []}
    made = await api.call("POST", USERS, token=token, json=body)
    assert made.status_code == 201
    assert await user_id(api, token, EMAIL) != asha.rpartition("/")[2]

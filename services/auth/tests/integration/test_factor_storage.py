"""What is stored of second factors, and what the audit log says of them."""

from collections.abc import Sequence
from typing import Final

import psycopg
from pydantic import SecretStr

from auth_service.app import reseal_factors
from auth_service.audit.actions import Action
from auth_service.factors.service import FactorService, Proof
from auth_service.sessions.models import Method
from auth_service.settings import AuthSettings
from auth_service.users.service import UserService
from auth_service.wiring import wire
from common.clock import FrozenClock
from testkit.auth.accounts import user_id
from testkit.auth.api import Api
from testkit.auth.factors import (
    STEP_SECONDS,
    App,
    challenge,
    show,
)

USERS: Final = "/api/v1/users"


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
            for row in connection.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 - a table of the database
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

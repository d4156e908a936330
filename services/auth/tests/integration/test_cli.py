"""The command line, as operators and the local stack use it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import psycopg
import pytest
from pyotp import TOTP
from typer.testing import CliRunner, Result

from auth_service.cli import app
from auth_service.factors.codes import secret_text
from auth_service.factors.service import FactorService
from auth_service.settings import AuthSettings
from auth_service.units import AuthUnits
from auth_service.users.grants import compact
from auth_service.users.one_time_codes import CodeText, OneTimeCodes
from auth_service.users.service import UserService
from auth_service.wiring import wire
from common.identity import Grant, Role
from common.ids import uuid7
from testkit.auth.settings import ASSERTION_KEY

ResultT = TypeVar("ResultT")
STRONG = "nine yellow kites over the lake"
COURTS = (uuid7(), uuid7())


@pytest.fixture
def run(
    settings: AuthSettings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    monkeypatch.setenv("AUTH_MIGRATION_DATABASE_URL", database_url)
    for name in ("database_url", "redis_url", "refresh_derivation_key"):
        monkeypatch.setenv(f"AUTH_{name.upper()}", getattr(settings, name).get_secret_value())
    for name in ("key_encryption_key", "cursor_key", "audit_keys"):
        keys = ",".join(key.get_secret_value() for key in getattr(settings, name))
        monkeypatch.setenv(f"AUTH_{name.upper()}", keys)
    monkeypatch.setenv("AUTH_ISSUER", settings.issuer)
    monkeypatch.setenv("AUTH_PUBLIC_URL", settings.public_url)
    monkeypatch.setenv("AUTH_ASSERTION_KEYS", f"{ASSERTION_KEY}, {ASSERTION_KEY[::-1]}")
    monkeypatch.setenv("AUTH_MAIL", "none")
    monkeypatch.setattr("auth_service.commands.configure_logging", lambda *_: None)
    runner = CliRunner()
    return lambda *arguments, **env: runner.invoke(app, arguments, env=env)


def with_wiring(settings: AuthSettings, work: Callable[[AuthUnits], Awaitable[ResultT]]) -> ResultT:
    async def run() -> ResultT:
        auth = wire(settings)
        try:
            return await work(auth)
        finally:
            await auth.close()

    return asyncio.run(run())


def grants_of(settings: AuthSettings, email: str) -> tuple[Grant, ...]:
    async def read(auth: AuthUnits) -> tuple[Grant, ...]:
        async with auth.begin() as unit:
            user = await unit.get(UserService).by_email(email)
            assert user is not None
            return compact(await unit.get(UserService).grants_in_force(user.id))

    return with_wiring(settings, read)


def test_migrate_has_nothing_to_do_twice(run: Callable[..., Result]) -> None:
    assert run("migrate").exit_code == 0
    assert run("migrate").exit_code == 0


def test_the_first_administrator(run: Callable[..., Result], settings: AuthSettings) -> None:
    arguments = ("create-admin", "--email", "Chief@Court.example", "--name", "The Chief")
    made = run(*arguments, AUTH_ADMIN_PASSWORD=STRONG)
    assert made.exit_code == 0, made.output
    assert STRONG not in made.output
    assert grants_of(settings, "chief@court.example") == (Grant(Role.ADMIN),)
    again = run(*arguments, AUTH_ADMIN_PASSWORD=STRONG)
    assert again.exit_code == 1
    assert "has this e-mail address" in again.output


def test_an_administrators_password_obeys_the_policy(run: Callable[..., Result]) -> None:
    arguments = ("create-admin", "--email", "chief@court.example", "--name", "The Chief")
    refused = run(*arguments, AUTH_ADMIN_PASSWORD="short")
    assert refused.exit_code == 1
    assert "at least 15 characters" in refused.output


def test_demo_accounts_are_the_same_after_a_second_run(
    run: Callable[..., Result], settings: AuthSettings
) -> None:
    arguments = ("seed-demo", "--clerk-courts", ",".join(str(court) for court in COURTS))
    for _ in range(2):
        done = run(*arguments, AUTH_DEMO_PASSWORD=STRONG)
        assert done.exit_code == 0, done.output
    assert grants_of(settings, "admin@masijala.example") == (Grant(Role.ADMIN),)
    assert grants_of(settings, "viewer@masijala.example") == (Grant(Role.VIEWER),)
    clerk = (Grant(Role.DATA_ENTRY, frozenset(COURTS)),)
    assert grants_of(settings, "clerk@masijala.example") == clerk
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (3,)
        assert connection.execute("SELECT count(*) FROM grants").fetchone() == (3,)


def test_a_client_with_a_weak_secret_is_refused(run: Callable[..., Result]) -> None:
    names = ("ensure-client", "--client-id", "core", "--scopes", "users:read")
    arguments = (*names, "--audiences", "auth")
    assert run(*arguments, AUTH_CLIENT_SECRET="weak").exit_code == 2
    made = run(*arguments, AUTH_CLIENT_SECRET="0123456789abcdef" * 3)
    assert (made.exit_code, made.output.strip()) == (0, "core is ready")
    same = run(*arguments, AUTH_CLIENT_SECRET="0123456789abcdef" * 3)
    assert same.output.strip() == "core is unchanged"


def test_making_sure_of_a_client_says_that_it_has_another_secret_and_leaves_it(
    run: Callable[..., Result],
) -> None:
    names = ("ensure-client", "--client-id", "core", "--scopes", "users:read")
    arguments = (*names, "--audiences", "auth")
    older, newer = "0123456789abcdef" * 3, "fedcba9876543210" * 3
    run(*arguments, AUTH_CLIENT_SECRET=older)
    changed = run("set-client-secret", "--client-id", "core", AUTH_CLIENT_SECRET=newer)
    assert (changed.exit_code, changed.output.strip()) == (0, "core has the new secret")
    again = run(*arguments, AUTH_CLIENT_SECRET=older)
    assert again.exit_code == 0
    assert "core has another secret" in again.output
    unknown = run("set-client-secret", "--client-id", "other", AUTH_CLIENT_SECRET=newer)
    assert unknown.exit_code == 1


def test_a_missing_setting_is_named(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTH_CURSOR_KEY")
    monkeypatch.setenv("AUTH_KEY_ENCRYPTION_KEY", "s3cr3t")
    stopped = run("seed-demo", "--clerk-courts", str(COURTS[0]), AUTH_DEMO_PASSWORD=STRONG)
    assert stopped.exit_code == 2
    assert "AUTH_CURSOR_KEY" in stopped.output
    assert "AUTH_KEY_ENCRYPTION_KEY" in stopped.output
    assert "s3cr3t" not in stopped.output


def test_factors_that_are_lost_are_removed_by_the_operator(
    settings: AuthSettings, run: Callable[..., Result]
) -> None:
    email = "head@court.example"
    made = run("create-admin", "--email", email, "--name", "Head", "--password", STRONG)
    assert made.exit_code == 0, made.stderr

    async def factors(auth: AuthUnits, *, enrol: bool = False) -> int:
        async with auth.begin() as unit:
            service = unit.get(FactorService)
            user = await unit.get(UserService).by_email(email)
            assert user is not None
            if enrol:
                app = await service.begin_app(user, "Phone")
                code = TOTP(secret_text(app.secret)).at(datetime.now(UTC))
                assert await service.confirm_app(user, code) is not None
            return len(await service.of(user.id))

    assert with_wiring(settings, lambda auth: factors(auth, enrol=True)) == 1
    assert run("reset-factors", email).exit_code == 0
    assert with_wiring(settings, factors) == 0
    assert run("reset-factors", "unknown@court.example").exit_code == 1


def test_a_deactivated_user_is_forgotten_by_the_operator(
    settings: AuthSettings, run: Callable[..., Result]
) -> None:
    email = "left@court.example"
    made = run("create-admin", "--email", email, "--name", "Left", "--password", STRONG)
    assert made.exit_code == 0, made.stderr
    active = run("anonymise", email)
    assert (active.exit_code, "deactivate the account first" in active.stderr) == (1, True)

    async def deactivate(auth: AuthUnits) -> UUID:
        async with auth.begin() as unit:
            user = await unit.get(UserService).by_email(email)
            assert user is not None
            unit.get(UserService).set_active(user, active=False)
            return user.id

    async def name(auth: AuthUnits) -> str:
        async with auth.begin() as unit:
            (user,) = await unit.get(UserService).named({user_id})
            return user.name

    user_id = with_wiring(settings, deactivate)
    forgotten = run("anonymise", email)
    assert forgotten.exit_code == 0, forgotten.stderr
    assert with_wiring(settings, name) == "Former user"
    assert run("anonymise", email).exit_code == 1, "the address is forgotten too"


def test_a_printed_code_and_another_address_help_the_only_administrator(
    settings: AuthSettings, run: Callable[..., Result]
) -> None:
    email, new_email = "head@court.example", "head.of@court.example"
    made = run("create-admin", "--email", email, "--name", "Head", "--password", STRONG)
    assert made.exit_code == 0, made.stderr
    changed = run("change-email", email, new_email.upper())
    assert changed.exit_code == 0, changed.stderr
    assert run("change-email", email, new_email).exit_code == 1
    printed = run("issue-code", new_email)
    assert printed.exit_code == 0, printed.stderr
    code = CodeText.parse(printed.output.partition(" ")[0])
    assert code is not None

    async def owner(auth: AuthUnits) -> UUID | None:
        async with auth.begin() as unit:
            return await unit.get(OneTimeCodes).find(new_email, code)

    assert with_wiring(settings, owner) is not None
    assert run("issue-code", "unknown@court.example").exit_code == 1
    other = run("create-admin", "--email", email, "--name", "Next", "--password", STRONG)
    assert other.exit_code == 0, other.stderr
    assert run("change-email", email, new_email).exit_code == 1, "taken"


@pytest.mark.parametrize("email", ["a\x00b@court.example", "\udcff@court.example"])
@pytest.mark.parametrize(
    "command",
    [("reset-factors",), ("issue-code",), ("anonymise",), ("change-email", "b@court.example")],
)
def test_an_argument_that_cannot_be_stored_is_one_line(
    run: Callable[..., Result], command: tuple[str, ...], email: str
) -> None:
    name, *others = command
    result = run(name, email, *others)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert result.output.splitlines() == ["an argument holds characters that cannot be stored"]


@pytest.mark.parametrize("courts", ["Testville", ",", "\udcff"])
def test_courts_that_are_none_are_named(run: Callable[..., Result], courts: str) -> None:
    result = run("seed-demo", "--clerk-courts", courts, AUTH_DEMO_PASSWORD=STRONG)
    assert result.exit_code == 2
    assert "court" in result.output

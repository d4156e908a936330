"""Users of an older system come in from a CSV file with the passwords that they know."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from auth_service.app import learn_hashes
from auth_service.audit.actions import Action
from auth_service.audit.models import AuditEvent
from auth_service.importing import ImportReport, UserImport
from auth_service.passwords.foreign import MOST_KINDS
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.scheme import kind_of
from auth_service.units import AuthUnits
from auth_service.users.grants import compact
from auth_service.users.models import User
from auth_service.users.service import NewUser, UserService
from common.errors import BadRequest
from common.identity import Grant, Role
from common.ids import uuid7
from testkit.auth.api import Api

OLD_PASSWORD = "an old one"
HEADER = "email,name,password_hash,role,courts"


@pytest.fixture
def legacy(auth: AuthUnits) -> Callable[[str], str]:
    """Hashes the old password as the older system did."""

    def make(name: str) -> str:
        handler = auth.get(PasswordHasher).scheme.context.handler(name)
        return str(handler.using(rounds=4).hash(OLD_PASSWORD))

    return make


async def imported(auth: AuthUnits, *rows: str, dry_run: bool = False) -> ImportReport:
    return await auth.get(UserImport).run([f"{row}\r\n" for row in rows], dry_run=dry_run)


async def users(auth: AuthUnits) -> dict[str, User]:
    async with auth.database.transaction() as session:
        return {user.email: user for user in (await session.exec(select(User))).all()}


@pytest.mark.parametrize("name", ["bcrypt", "pbkdf2_sha256", "django_pbkdf2_sha256"])
async def test_an_imported_user_signs_in_and_the_password_is_hashed_again(
    api: Api, auth: AuthUnits, legacy: Callable[[str], str], name: str
) -> None:
    row = f'Amina@Court.example,"Wanja, Amina",{legacy(name)},viewer,*'
    assert (await imported(auth, HEADER, row)).created == 1
    assert (await api.login("amina@court.example", "not that")).status_code == 401
    assert (await api.login("amina@court.example", OLD_PASSWORD)).status_code == 200
    stored = (await users(auth))["amina@court.example"]
    assert stored.name == "Wanja, Amina"
    assert (stored.password_hash or "").startswith("$argon2id$")
    assert (await api.login("amina@court.example", OLD_PASSWORD)).status_code == 200


async def test_grants_are_imported(auth: AuthUnits, legacy: Callable[[str], str]) -> None:
    one, two = uuid7(), uuid7()
    await imported(auth, HEADER, f"a@court.example,A,{legacy('bcrypt')},data_entry,{one} {two}")
    async with auth.begin() as unit:
        user = await unit.get(UserService).by_email("a@court.example")
        assert user is not None
        grants = compact(await unit.get(UserService).grants_in_force(user.id))
    assert grants == (Grant(Role.DATA_ENTRY, frozenset({one, two})),)


async def test_an_empty_hash_makes_an_account_without_a_password(auth: AuthUnits) -> None:
    assert (await imported(auth, "email,name,password_hash", "a@court.example,A,")).created == 1
    assert (await users(auth))["a@court.example"].password_hash is None


async def test_bad_rows_are_reported_and_good_ones_imported(
    auth: AuthUnits, legacy: Callable[[str], str]
) -> None:
    good = legacy("bcrypt")
    report = await imported(
        auth,
        HEADER,
        f"a@court.example,A,{good},,",
        f"no address,B,{good},,",
        f"c@court.example,,{good},,",
        "d@court.example,D,secret-in-the-clear,,",
        f"e@court.example,E,{good},judge,*",
        f"f@court.example,F,{good},viewer,",
        f"g@court.example,G,{good},viewer,Testville",
        f"h@court.example,H,{good},,*",
        f"A@court.example,Again,{good},,",
        "i@court.example,I",
    )
    assert (report.created, report.present) == (1, 0)
    assert [fault.line for fault in report.faults] == list(range(3, 12))
    messages = [fault.message.partition(":")[0] for fault in report.faults]
    assert messages == [
        *("email", "name", "password_hash", "role", "courts", "courts", "courts"),
        *("a@court.example is in the file twice", "email"),
    ]
    assert "secret-in-the-clear" not in str(report)
    assert set(await users(auth)) == {"a@court.example"}


async def test_hashes_of_many_kinds_are_refused_since_each_makes_every_refusal_slower(
    auth: AuthUnits,
) -> None:
    context = auth.get(PasswordHasher).scheme.context
    pbkdf2 = context.handler("pbkdf2_sha256")
    rows = [
        f"u{rounds}@court.example,U,{pbkdf2.using(rounds=rounds).hash(OLD_PASSWORD)},,"
        for rounds in range(1, MOST_KINDS + 3)
    ]
    again = rows[0].replace("u1@", "again@")
    report = await imported(auth, HEADER, *rows, again)
    assert report.created == MOST_KINDS + 1
    assert [fault.line for fault in report.faults] == [MOST_KINDS + 2, MOST_KINDS + 3]
    later = await imported(auth, HEADER, rows[-1])
    assert [fault.message.partition(":")[0] for fault in later.faults] == ["password_hash"]


async def test_a_second_run_skips_existing_users(
    auth: AuthUnits, legacy: Callable[[str], str]
) -> None:
    row = f"a@court.example,A,{legacy('bcrypt')},,"
    assert (await imported(auth, HEADER, row)).created == 1
    again = await imported(auth, HEADER, row)
    assert (again.created, again.present, again.faults) == (0, 1, [])


async def test_a_dry_run_creates_no_user(auth: AuthUnits) -> None:
    report = await imported(auth, HEADER, "a@court.example,A,,,", dry_run=True)
    assert report.created == 1
    assert await users(auth) == {}


async def test_each_import_is_in_the_audit_log(auth: AuthUnits) -> None:
    await imported(auth, HEADER, "a@court.example,A,,,")
    async with auth.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.USER_IMPORT)
        event = (await session.exec(statement)).one()
    assert event.subject_id == (await users(auth))["a@court.example"].id


@pytest.mark.parametrize(
    "header", ["", "email;name;password_hash", f"{HEADER},is_admin", f"{HEADER},email"]
)
async def test_another_header_is_refused(auth: AuthUnits, header: str) -> None:
    with pytest.raises(BadRequest, match="header"):
        await imported(auth, header, "a@court.example,A,,,")


async def test_a_file_that_is_no_text_is_refused(auth: AuthUnits, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_bytes(f"{HEADER}\r\n".encode() + b"\xff\xfe,A,,,\r\n")
    importing = auth.get(UserImport)
    with file.open(encoding="utf-8-sig", newline="") as lines, pytest.raises(BadRequest):
        await importing.run(lines)


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_dry_run_finds_whatever_the_import_refuses(
    auth: AuthUnits, legacy: Callable[[str], str], dry_run: bool
) -> None:
    good, many = legacy("bcrypt"), " ".join(str(uuid7()) for _ in range(501))
    report = await imported(
        auth,
        HEADER,
        f"a@court.example,A\x00B,{good},,",
        f"b@court.example,A\u202eB,{good},,",
        f"c@court.example,{'C' * 201},{good},,",
        f"{'d' * 250}@court.example,D,{good},,",
        f"e@court.example,E,{good},viewer,{many}",
        f"f@court.local,F,{good},,",
        f"g@court.example,Asha\u00a0Kamau,{good},,",
        dry_run=dry_run,
    )
    assert [fault.line for fault in report.faults] == [2, 3, 4, 5, 6, 7]
    assert report.created == 1
    assert {user.name for user in (await users(auth)).values()} == (
        set() if dry_run else {"Asha Kamau"}
    )
    assert good not in str(report)


async def test_a_dry_run_leaves_nothing_in_the_audit_log(auth: AuthUnits) -> None:
    await imported(auth, HEADER, "a@court.example,A,,viewer,*", dry_run=True)
    async with auth.database.transaction() as session:
        actions = {event.action for event in (await session.exec(select(AuditEvent))).all()}
    assert actions.isdisjoint({Action.USER_CREATE, Action.USER_IMPORT, Action.GRANT_ADD})


@pytest.mark.parametrize("password", ["x" * 90, "cafe\u0301 au lait", "caf\u00e9 au lait"])
async def test_an_imported_bcrypt_password_signs_in_as_it_did(
    api: Api, auth: AuthUnits, password: str
) -> None:
    handler = auth.get(PasswordHasher).scheme.context.handler("bcrypt").using(rounds=4)
    stored = str(handler.hash(password.encode()[:72]))
    await imported(auth, HEADER, f"a@court.example,A,{stored},,")
    for _ in range(2):  # by the imported hash, then by ours
        assert (await api.login("a@court.example", password)).status_code == 200


def test_no_hash_shows_in_print(legacy: Callable[[str], str]) -> None:
    stored = legacy("bcrypt")
    new = NewUser("a@court.example", "A", stored)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    user = User(
        email=new.email,
        name=new.name,
        password_hash=stored,
        active_changed_at=at,
        created_at=at,
        updated_at=at,
    )
    assert stored not in repr(new) + repr(user) + str(user)


async def test_the_kinds_of_hashes_are_read_from_the_accounts(
    auth: AuthUnits, legacy: Callable[[str], str]
) -> None:
    names = ("bcrypt", "pbkdf2_sha256", "django_pbkdf2_sha256", "bcrypt_sha256")
    rows = [f'{name}{n}@court.example,A,"{legacy(name)}",,' for name in names for n in range(3)]
    await imported(auth, HEADER, *rows)
    await learn_hashes(auth)
    async with auth.begin() as unit:
        samples = await unit.get(UserService).hash_samples()
    assert len(samples) == len(names)
    assert {kind_of(sample) for sample in samples} == {kind_of(legacy(name)) for name in names}

"""Users of an older system come in from a CSV file with the passwords that they know."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, select

from auth_service.audit.models import Action, AuditEvent
from auth_service.passwords.scheme import PasswordScheme
from auth_service.users.compaction import compact
from auth_service.users.importing import ImportReport, UserImport
from auth_service.users.models import User
from auth_service.wiring import Wiring
from common.errors import BadRequest
from common.identity import Grant, Role
from common.ids import uuid7
from testkit.auth.api import Api

OLD_PASSWORD = "an old one"
HEADER = "email,name,password_hash,role,courts"


@pytest.fixture
def legacy(wiring: Wiring) -> Callable[[str], str]:
    """Hashes the old password as the older system did."""

    def make(name: str) -> str:
        handler = wiring.hasher.scheme.context.handler(name)
        return str(handler.using(rounds=4).hash(OLD_PASSWORD))

    return make


async def imported(wiring: Wiring, *rows: str, dry_run: bool = False) -> ImportReport:
    return await UserImport(wiring.units, wiring.hasher.scheme).run(
        [f"{row}\r\n" for row in rows], dry_run=dry_run
    )


async def users(wiring: Wiring) -> dict[str, User]:
    async with wiring.database.transaction() as session:
        return {user.email: user for user in (await session.exec(select(User))).all()}


@pytest.mark.parametrize("name", ["bcrypt", "pbkdf2_sha256", "django_pbkdf2_sha256"])
async def test_an_imported_user_signs_in_and_is_hashed_anew(
    api: Api, wiring: Wiring, legacy: Callable[[str], str], name: str
) -> None:
    row = f'Amina@Court.example,"Wanja, Amina",{legacy(name)},viewer,*'
    assert (await imported(wiring, HEADER, row)).created == 1
    assert (await api.login("amina@court.example", "not that")).status_code == 401
    assert (await api.login("amina@court.example", OLD_PASSWORD)).status_code == 200
    stored = (await users(wiring))["amina@court.example"]
    assert stored.name == "Wanja, Amina"
    assert (stored.password_hash or "").startswith("$argon2id$")
    assert (await api.login("amina@court.example", OLD_PASSWORD)).status_code == 200


async def test_grants_come_along(wiring: Wiring, legacy: Callable[[str], str]) -> None:
    one, two = uuid7(), uuid7()
    await imported(wiring, HEADER, f"a@court.example,A,{legacy('bcrypt')},data_entry,{one} {two}")
    async with wiring.units.begin() as work:
        user = await work.users.by_email("a@court.example")
        assert user is not None
        grants = compact(await work.users.grants_in_force(user.id))
    assert grants == (Grant(Role.DATA_ENTRY, frozenset({one, two})),)


async def test_an_empty_hash_makes_an_account_without_a_password(wiring: Wiring) -> None:
    assert (await imported(wiring, "email,name,password_hash", "a@court.example,A,")).created == 1
    assert (await users(wiring))["a@court.example"].password_hash is None


async def test_bad_rows_are_named_and_good_ones_kept(
    wiring: Wiring, legacy: Callable[[str], str]
) -> None:
    good = legacy("bcrypt")
    report = await imported(
        wiring,
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
    said = [fault.message.partition(":")[0] for fault in report.faults]
    assert said == [
        *("email", "name", "password_hash", "role", "courts", "courts", "courts"),
        *("a@court.example is in the file twice", "email"),
    ]
    assert "secret-in-the-clear" not in str(report)
    assert set(await users(wiring)) == {"a@court.example"}


async def test_a_second_run_leaves_out_who_is_there(
    wiring: Wiring, legacy: Callable[[str], str]
) -> None:
    row = f"a@court.example,A,{legacy('bcrypt')},,"
    assert (await imported(wiring, HEADER, row)).created == 1
    again = await imported(wiring, HEADER, row)
    assert (again.created, again.present, again.faults) == (0, 1, [])


async def test_a_dry_run_creates_nobody(wiring: Wiring) -> None:
    report = await imported(wiring, HEADER, "a@court.example,A,,,", dry_run=True)
    assert report.created == 1
    assert await users(wiring) == {}


async def test_each_import_is_in_the_audit_log(wiring: Wiring) -> None:
    await imported(wiring, HEADER, "a@court.example,A,,,")
    async with wiring.database.transaction() as session:
        statement = select(AuditEvent).where(col(AuditEvent.action) == Action.USER_IMPORT)
        event = (await session.exec(statement)).one()
    assert event.subject_id == (await users(wiring))["a@court.example"].id


@pytest.mark.parametrize("header", ["", "email;name;password_hash", f"{HEADER},is_admin"])
async def test_another_header_is_refused(wiring: Wiring, header: str) -> None:
    with pytest.raises(BadRequest, match="header"):
        await imported(wiring, header, "a@court.example,A,,,")


async def test_a_file_that_is_no_text_is_refused(wiring: Wiring, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_bytes(f"{HEADER}\r\n".encode() + b"\xff\xfe,A,,,\r\n")
    importing = UserImport(wiring.units, PasswordScheme(wiring.hasher.scheme.cost))
    with file.open(encoding="utf-8-sig", newline="") as lines, pytest.raises(BadRequest):
        await importing.run(lines)

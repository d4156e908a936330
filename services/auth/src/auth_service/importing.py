"""Imports users from a CSV file, with the password hashes of an older system."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DataError

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.fields import EmailRules, normal_name
from auth_service.passwords.foreign import MOST_KINDS
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.scheme import kind_of
from auth_service.users.service import NewUser, TimedGrant, UserService
from common.composition import Container, Units
from common.errors import BadRequest, ValidationFailed
from common.identity import Grant, Role

REQUIRED: Final = ("email", "name", "password_hash")
COLUMNS: Final = frozenset({*REQUIRED, "role", "courts"})


class _Undone(Exception):
    pass


class RowRefused(Exception):
    """Why no user is created from a row."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A line of the file and what is wrong with it; never contains the hash."""

    line: int
    message: str


@dataclass(slots=True)
class ImportReport:
    created: int = 0
    present: int = 0
    faults: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """Addresses of the rows before, and the kinds of hashes that there are with theirs."""

    emails: set[str]
    kinds: set[str]


@dataclass(frozen=True, slots=True)
class UserImport:
    """Creates a user for each good row, each in its own transaction."""

    units: Units
    hasher: PasswordHasher
    emails: EmailRules

    async def run(self, lines: Iterable[str], *, dry_run: bool = False) -> ImportReport:
        """Import a file. Raises BadRequest when its header or format is wrong."""
        report, earlier = ImportReport(), _Earlier(set(), await self._kinds())
        for line, row in _rows(lines):
            try:
                await self._import(self._user(row, earlier), report, dry_run=dry_run)
            except RowRefused as refused:
                report.faults.append(RowFault(line, str(refused)))
        return report

    async def _import(self, user: NewUser, report: ImportReport, *, dry_run: bool) -> None:
        """A dry run stores the user as well, and undoes it: it finds whatever would be refused."""
        try:
            async with self.units.begin() as unit:
                if await unit.get(UserService).by_email(user.email) is not None:
                    report.present += 1
                    return
                await _create(unit, user, undo=dry_run)
        except _Undone:
            pass
        except ValidationFailed as error:
            reasons = "; ".join(f"{fault.field}: {fault.message}" for fault in error.errors)
            raise RowRefused(reasons) from error
        except DataError:
            # The message could repeat what was sent, the hash among it.
            raise RowRefused("the row cannot be stored") from None
        report.created += 1

    async def _kinds(self) -> set[str]:
        async with self.units.begin() as unit:
            samples = await unit.get(UserService).hash_samples()
        return {kind_of(sample) for sample in samples}

    def _user(self, row: dict[str, str], earlier: _Earlier) -> NewUser:
        email = self._email(row["email"])
        if email in earlier.emails:
            raise RowRefused(f"{email} is in the file twice")
        earlier.emails.add(email)
        name, stored = _name(row["name"]), row["password_hash"].strip()
        if stored:
            self._check_hash(stored, earlier.kinds)
        return NewUser(email, name, stored or None, _grants(row))

    def _check_hash(self, stored: str, kinds: set[str]) -> None:
        fault = self.hasher.scheme.fault(stored)
        if fault is not None:
            raise RowRefused(f"password_hash: {fault}")
        kinds.add(kind_of(stored))
        if len(kinds) > MOST_KINDS:
            kinds.discard(kind_of(stored))
            raise RowRefused(
                f"password_hash: its scheme and cost differ from {MOST_KINDS} others, which is the"
                " most; leave it empty and invite the user"
            )

    def _email(self, text: str) -> str:
        try:
            return self.emails.checked(text)
        except ValidationFailed as error:
            raise RowRefused(f"email: {error.errors[0].message}") from error


async def _create(unit: Container, user: NewUser, *, undo: bool) -> None:
    created = await unit.get(UserService).create(user)
    audit = unit.get(AuditLog)
    audit.record(Event(Action.USER_IMPORT, subject_id=created.id))
    await audit.session.flush()
    if undo:
        raise _Undone


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(lines, strict=True)
    try:
        header = frozenset(reader.fieldnames or ())
        repeated = len(header) < len(reader.fieldnames or ())
        if repeated or not header.issuperset(REQUIRED) or not header <= COLUMNS:
            raise BadRequest(f"the header must be {','.join(REQUIRED)}, with role,courts if wanted")
        for row in reader:
            if None in row or None in row.values():
                row = dict.fromkeys(COLUMNS, "")  # noqa: PLW2901 - refused because it has no name
            yield reader.line_num, row
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadRequest(f"the file cannot be read as CSV in UTF-8: {error}") from error


def _name(text: str) -> str:
    try:
        return normal_name(text)
    except ValueError as error:
        raise RowRefused(f"name: {error}") from error


def _grants(row: dict[str, str]) -> tuple[TimedGrant, ...]:
    role, courts = row.get("role", "").strip(), row.get("courts", "").strip()
    if not role:
        if courts:
            raise RowRefused("courts: name a role as well")
        return ()
    if role not in set(Role):
        raise RowRefused(f"role: must be one of {', '.join(Role)}")
    if not courts:
        raise RowRefused("courts: give the IDs of courts with spaces between them, or *")
    return (TimedGrant(Grant(Role(role), _courts(courts))),)


def _courts(text: str) -> frozenset[UUID] | None:
    if text == "*":
        return None
    try:
        return frozenset(UUID(part) for part in text.split())
    except ValueError:
        raise RowRefused("courts: must be UUIDs with spaces between them, or *") from None

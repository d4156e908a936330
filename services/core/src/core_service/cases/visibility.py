"""What a caller may see of cases and do to them: the one place that filters cases by court.

A caller is resolved once, as a type; services check it when they lock. Import jobs and commands
have no caller: they use `Actor`.

Outside one's courts a case does not exist. A sealed case exists only for those who may write where
it is; totals count it all the same, so figures use `within` and lists use `Visibility.limit`. To
those who may not see it, figures count it by whole months.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self, TypeVar
from uuid import UUID

from fastapi import Depends
from sqlalchemy import ColumnElement, Select, and_, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.caller import PrincipalDep
from common.identity import CourtScope, Principal
from common.pages import PageDep
from core_service.access.actors import Actor
from core_service.access.courts import (
    EVERYWHERE,
    NOWHERE,
    READERS,
    WRITERS,
    deciding,
    proposing,
    require_court,
    require_reader,
    within,
    writing,
)
from core_service.access.reach import filtered, registry_wide
from core_service.cases.errors import CaseNotFound
from core_service.cases.models import Case

StatementT = TypeVar("StatementT", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Visibility:
    """The courts whose cases a caller may see, and those where sealed ones are seen too.

    With `deleted`, only deleted cases are visible: to restore one of them.
    """

    courts: CourtScope
    sealed: CourtScope
    deleted: bool = False

    def limit(self, statement: StatementT) -> StatementT:
        """Narrow a statement over `Case` to what the caller may know of."""
        is_there = (
            and_(col(Case.deleted_at).is_not(None), col(Case.reverted).is_(False))
            if self.deleted
            else col(Case.deleted_at).is_(None)
        )
        return filtered(statement.where(within(Case.court_id, self.courts), is_there, self._seal()))

    def shows(self, case: Case) -> bool:
        if case.deleted_at is not None or case.court_id not in self.courts:
            return False
        return not case.sealed or case.court_id in self.sealed

    def hides_sealed(self, court_id: UUID | None = None) -> bool:
        """Whether sealed cases of the court, or of some court that is read, are not seen."""
        if court_id is not None:
            return court_id not in self.sealed
        if self.sealed.courts is None:
            return False
        return self.courts.courts is None or not self.courts.courts <= self.sealed.courts

    def unsealed(self, case_id: Any) -> ColumnElement[bool]:
        """That a row which may name a case names none that a seal hides from the caller."""
        if self.sealed.courts is None:
            return true()
        hidden = select(Case.id).where(
            col(Case.id) == case_id, col(Case.sealed).is_(True), ~within(Case.court_id, self.sealed)
        )
        return ~hidden.exists()

    def _seal(self) -> ColumnElement[bool]:
        if self.sealed.courts is None:
            return true()
        return or_(col(Case.sealed).is_(False), within(Case.court_id, self.sealed))


ALL: Final = Visibility(EVERYWHERE, EVERYWHERE)


def reading(principal: Principal) -> Visibility:
    """What the caller may read. Raises Unauthenticated or PermissionDenied."""
    require_reader(principal)
    return visible_to(principal)


def exporting(principal: Principal) -> Visibility:
    """What the caller may export: a user, of courts where they may write.

    Raises Unauthenticated or PermissionDenied.
    """
    if principal.kind == "service":
        return reading(principal)
    scope = principal.require_role(*WRITERS)
    return Visibility(scope, scope)


def visible_to(principal: Principal) -> Visibility:
    """What the caller may see, sealed cases too; of a caller who may read nothing, nothing."""
    if principal.kind == "service":
        return Visibility(EVERYWHERE, NOWHERE)
    return Visibility(principal.scope_for(*READERS), principal.scope_for(*WRITERS))


def reading_deleted(principal: Principal) -> Visibility:
    """The deleted cases that the caller may ask to have back. Raises as `writing` does."""
    scope = proposing(principal)
    return Visibility(scope, scope, deleted=True)


def sees_deleted(principal: Principal, court_id: UUID) -> bool:
    return principal.kind == "user" and court_id in principal.scope_for(*WRITERS)


def knowing(principal: Principal) -> tuple[Visibility, ...]:
    """All that the caller may know of: what is there, and what is deleted. Raises as `reading`."""
    if principal.kind == "user" and principal.has_role(*WRITERS):
        return reading(principal), reading_deleted(principal)
    return (reading(principal),)


@dataclass(frozen=True, slots=True)
class CaseReader:
    """May read cases, and sees those of `visibility`."""

    principal: Principal
    visibility: Visibility

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """Raises Unauthenticated or PermissionDenied."""
        return cls(principal, reading(principal))


@dataclass(frozen=True, slots=True)
class CaseExporter(CaseReader):
    """May export cases: those of `visibility`."""

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """Raises Unauthenticated or PermissionDenied."""
        return cls(principal, exporting(principal))


@dataclass(frozen=True, slots=True)
class CaseWriter(CaseReader):
    """May change the cases of `courts`; changes are attributed to `actor`."""

    courts: CourtScope
    actor: Actor

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """Raises Unauthenticated or PermissionDenied."""
        courts = writing(principal)
        return cls(principal, reading(principal), courts, Actor.of(principal))

    def require_court(self, court_id: UUID) -> None:
        """Raise PermissionDenied unless the court is one of `courts`."""
        require_court(self.courts, court_id)


@dataclass(frozen=True, slots=True)
class Decider(CaseWriter):
    """Decides on the cases of `courts`: an administrator, never a service."""

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """Raises Unauthenticated or PermissionDenied."""
        courts = deciding(principal)
        return cls(principal, reading(principal), courts, Actor.of(principal))


async def case_reader(principal: PrincipalDep) -> CaseReader:
    return CaseReader.of(principal)


async def case_exporter(principal: PrincipalDep) -> CaseExporter:
    return CaseExporter.of(principal)


async def case_writer(principal: PrincipalDep) -> CaseWriter:
    return CaseWriter.of(principal)


async def decider(principal: PrincipalDep) -> Decider:
    return Decider.of(principal)


CaseReaderDep = Annotated[CaseReader, Depends(case_reader)]
CaseExporterDep = Annotated[CaseExporter, Depends(case_exporter)]
CaseWriterDep = Annotated[CaseWriter, Depends(case_writer)]
DeciderDep = Annotated[Decider, Depends(decider)]


_ID: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)


async def check_stored_answer(
    session: AsyncSession, principal: Principal, text: str, as_then: bool
) -> None:
    """Refuse a caller who may not see a case that the text names by its ID.

    For a caller who still holds all that was held then (`as_then`) only seals are checked: some
    answers are about a court that the caller never read, such as the acceptance of a transfer.
    The cases are loaded, so that the audit notes administrators who see sealed ones.
    Raises CaseNotFound.
    """
    ids = {UUID(found) for found in _ID.findall(text)}
    statement = select(Case).where(col(Case.id).in_(ids))
    if as_then:
        statement = statement.where(col(Case.sealed).is_(True))
    seen = visible_to(principal)
    named = registry_wide(statement, "compared with what the caller may see; none is shown")
    for case in await session.exec(named):
        if as_then and case.court_id not in seen.courts:
            continue
        if case.court_id not in (seen.sealed if case.sealed else seen.courts):
            raise CaseNotFound


@dataclass(frozen=True, slots=True)
class CasePart:
    """Which case's entries are asked for, and which page of them."""

    case_id: UUID
    page: PageDep


CasePartDep = Annotated[CasePart, Depends()]

"""Callers with what they may do to cases, resolved once; services check it when they lock.

Import jobs and commands have no caller: they use `Actor`.
"""

from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends

from common.caller import PrincipalDep
from common.identity import CourtScope, Principal
from common.pages import PageDep
from core_service.access.actors import Actor
from core_service.access.courts import deciding, require_court, writing
from core_service.cases.visibility import Visibility, reading


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


async def case_writer(principal: PrincipalDep) -> CaseWriter:
    return CaseWriter.of(principal)


async def decider(principal: PrincipalDep) -> Decider:
    return Decider.of(principal)


CaseReaderDep = Annotated[CaseReader, Depends(case_reader)]
CaseWriterDep = Annotated[CaseWriter, Depends(case_writer)]
DeciderDep = Annotated[Decider, Depends(decider)]


@dataclass(frozen=True, slots=True)
class CasePart:
    """Which case's entries are asked for, and which page of them."""

    case_id: UUID
    page: PageDep


CasePartDep = Annotated[CasePart, Depends()]

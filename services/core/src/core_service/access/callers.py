"""What a caller may do, as types: holding one means being authorised."""

from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends

from common.caller import PrincipalDep
from common.identity import CourtScope, Principal, Role
from core_service.access.actors import Actor
from core_service.access.courts import deciding, proposing, require_court, require_reader


@dataclass(frozen=True)
class SharedDataReader:
    """A caller who may read what all courts share."""

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """The caller. Raises Unauthenticated or PermissionDenied."""
        require_reader(principal)
        return cls()


@dataclass(frozen=True)
class Proposer:
    """A user who may change cases of the courts `writable`, and decides at those `administered`."""

    user_id: UUID | None
    writable: CourtScope
    administered: CourtScope

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """The caller. Raises Unauthenticated or PermissionDenied."""
        return cls(principal.user_id, proposing(principal), principal.scope_for(Role.ADMIN))

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id)

    @property
    def administers_all(self) -> bool:
        """Administrators of all courts decide on what they share."""
        return self.administered.courts is None

    def decides_at(self, court_id: UUID | None) -> bool:
        """Whether the caller decides at this court; None is for all courts."""
        return self.administers_all if court_id is None else court_id in self.administered


@dataclass(frozen=True)
class Administrator(Proposer):
    """An administrator of some court."""

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """The caller. Raises Unauthenticated or PermissionDenied."""
        deciding(principal)
        return super().of(principal)

    def require_court(self, court_id: UUID) -> None:
        """Raise PermissionDenied unless the caller administers this court."""
        require_court(self.administered, court_id)


async def shared_data_reader(principal: PrincipalDep) -> SharedDataReader:
    return SharedDataReader.of(principal)


async def proposer(principal: PrincipalDep) -> Proposer:
    return Proposer.of(principal)


async def administrator(principal: PrincipalDep) -> Administrator:
    return Administrator.of(principal)


ProposerDep = Annotated[Proposer, Depends(proposer)]
AdministratorDep = Annotated[Administrator, Depends(administrator)]

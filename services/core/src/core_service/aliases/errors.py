"""Errors of decisions about spellings."""

from http import HTTPStatus
from typing import ClassVar, Final

from common.errors import Conflict, DomainError, NotFound
from core_service.reference.errors import UnknownReference


class AliasNotFound(NotFound):
    """There is no such alias, or none that the caller may know of."""

    code: ClassVar[str] = "alias-not-found"
    title: ClassVar[str] = "There is no such alias"


class AliasDecidedAlready(Conflict):
    """The alias was decided before in another way, for all courts or for this one."""

    code: ClassVar[str] = "alias-decided"
    title: ClassVar[str] = "This alias is decided already"


class AliasTargetUnknown(DomainError):
    """The target is not a row of the alias's kind."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "alias-target-unknown"
    title: ClassVar[str] = "The target is nothing that this alias can mean"


class AliasOfAllCourts(DomainError):
    """What a court is called is decided for all courts: it says of which court a row is."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "alias-of-all-courts"
    title: ClassVar[str] = "A court's name cannot be decided for one court"


DECISION: Final = (
    AliasNotFound,
    AliasDecidedAlready,
    AliasTargetUnknown,
    AliasOfAllCourts,
    UnknownReference,
)

"""What can be wrong with a request about reference data."""

from http import HTTPStatus
from typing import ClassVar, Final

from common.errors import Conflict, DomainError, NotFound


class ReferenceNotFound(NotFound):
    """There is no such row."""

    code: ClassVar[str] = "reference-not-found"
    title: ClassVar[str] = "There is no such row of reference data"


class CodeTaken(Conflict):
    """Another row has this code."""

    code: ClassVar[str] = "code-taken"
    title: ClassVar[str] = "This code is taken"


class NameTaken(Conflict):
    """Another row has this name."""

    code: ClassVar[str] = "name-taken"
    title: ClassVar[str] = "This name is taken"


class EditionOverlaps(Conflict):
    """Another edition of this label is in force on some of the same days: end it first."""

    code: ClassVar[str] = "edition-overlaps"
    title: ClassVar[str] = "Another edition of this label is in force then"


class PeriodInvalid(DomainError):
    """A period ends before it begins."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "period-invalid"
    title: ClassVar[str] = "A period must end after it begins"


class UnknownReference(DomainError):
    """An ID in the request names no court, judge, case type or other reference row."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "unknown-reference"
    title: ClassVar[str] = "An ID in the request names nothing"


RULES: Final = (CodeTaken, NameTaken, EditionOverlaps, PeriodInvalid, UnknownReference)

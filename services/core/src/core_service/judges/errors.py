"""What can be wrong with a request about judges."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import Conflict, DomainError, NotFound


class JudgeNotFound(NotFound):
    """There is no such judge."""

    code: ClassVar[str] = "judge-not-found"
    title: ClassVar[str] = "There is no such judge"


class PostingNotFound(NotFound):
    """The judge has no such posting."""

    code: ClassVar[str] = "posting-not-found"
    title: ClassVar[str] = "There is no such posting"


class PostingOverlaps(Conflict):
    """The judge has another principal posting on some of these days: end it first."""

    code: ClassVar[str] = "posting-overlaps"
    title: ClassVar[str] = "The judge is posted elsewhere then"


class JudgeMergeInvalid(DomainError):
    """These two judges cannot be merged; `detail` says why."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "judge-merge-invalid"
    title: ClassVar[str] = "These judges cannot be merged"


class JudgeNotMerged(Conflict):
    """There is no merge of this judge to undo."""

    code: ClassVar[str] = "judge-not-merged"
    title: ClassVar[str] = "This judge is not merged into another"

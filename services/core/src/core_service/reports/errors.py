"""What can be wrong with a report."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import DomainError


class MonthNotOver(DomainError):
    """A month can be published when it is over."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "month-not-over"
    title: ClassVar[str] = "The month is not over yet"

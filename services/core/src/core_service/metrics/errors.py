"""What can be wrong with a question."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import Unavailable, ValidationFailed


class FigureTooLarge(ValidationFailed):
    """The groups are too many for one answer: narrow the selection, or group by less."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "figure-too-large"
    title: ClassVar[str] = "The figure has too many groups"


class BeingCounted(Unavailable):
    """It takes longer than one request may: the next goes on with what is counted by now."""

    code: ClassVar[str] = "figure-being-counted"
    title: ClassVar[str] = "The figure is being counted: ask again"

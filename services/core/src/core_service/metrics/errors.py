"""What can be wrong with a question."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import ValidationFailed


class FigureTooLarge(ValidationFailed):
    """The groups are too many for one answer: narrow the selection, or group by less."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "figure-too-large"
    title: ClassVar[str] = "The figure has too many groups"

"""What can be wrong with a link."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import Conflict, NotFound, ValidationFailed


class LinkExists(Conflict):
    """The two cases are linked in this way already."""

    code: ClassVar[str] = "link-exists"
    title: ClassVar[str] = "The cases are linked already"


class LinkNotFound(NotFound):
    """The two cases are not linked in this way."""

    code: ClassVar[str] = "link-not-found"
    title: ClassVar[str] = "The cases are not linked so"


class LinkToItself(ValidationFailed):
    """A case is not linked to itself."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "link-to-itself"
    title: ClassVar[str] = "A case cannot be linked to itself"

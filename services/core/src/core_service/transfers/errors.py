"""What can be wrong with a transfer."""

from http import HTTPStatus
from typing import ClassVar

from common.errors import Conflict, ValidationFailed


class CaseNotTransferable(Conflict):
    """The case is disposed of, or its file is at another court already."""

    code: ClassVar[str] = "case-not-transferable"
    title: ClassVar[str] = "The file of this case cannot be sent"


class CaseOpenThere(Conflict):
    """The receiving court has a case with this number that did not come by this transfer."""

    code: ClassVar[str] = "case-open-there"
    title: ClassVar[str] = "The receiving court has this case already"


class TransferInvalid(ValidationFailed):
    """The transfer breaks a rule of the registry; `errors` says which."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY
    code: ClassVar[str] = "transfer-invalid"
    title: ClassVar[str] = "The transfer cannot be made"

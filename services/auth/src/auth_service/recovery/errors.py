"""Why a link sets no password."""

from typing import ClassVar

from common.errors import DomainError


class ResetTokenInvalid(DomainError):
    """Used, expired, replaced by a newer one, tried too often or unknown: all look alike."""

    code: ClassVar[str] = "reset-token-invalid"
    title: ClassVar[str] = "This link is not valid any more; ask for a new one"

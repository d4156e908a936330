"""Refusals of links in letters about a change of an address."""

from typing import ClassVar

from common.errors import DomainError


class EmailLinkInvalid(DomainError):
    """Used, expired, replaced by a newer one, tried too often or unknown: the same answer."""

    code: ClassVar[str] = "email-link-invalid"
    title: ClassVar[str] = "This link is no longer valid"

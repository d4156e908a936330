"""What a directory says of a user, in our terms; what has another form counts as missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from auth_service.fields import MAX_EMAIL_CHARACTERS, normal_email
from auth_service.oidc.errors import SignInRefused
from auth_service.oidc.models import MAX_GROUP, MAX_SID
from auth_service.oidc.settings import Provider
from auth_service.users.identities import MAX_SUBJECT

MAX_GROUPS: Final = 2000


@dataclass(frozen=True, slots=True)
class Facts:
    """`email` is there only when it is verified. Without `authenticated_at` it is unknown when the
    user last showed anything, and no second factor counts. `sid` is the user's session there.
    """

    subject: str
    email: str | None = field(repr=False)
    groups: frozenset[str]
    factor_shown: bool
    authenticated_at: datetime | None
    sid: str | None

    @classmethod
    def of(cls, claims: Mapping[str, Any], provider: Provider) -> "Facts":
        """The facts of verified claims. Raises SignInRefused without a usable subject."""
        subject = text_line(claims.get("sub"), MAX_SUBJECT)
        if subject is None:
            raise SignInRefused("id-token-sub")
        email = text_line(claims.get("email"), MAX_EMAIL_CHARACTERS)
        verified = claims.get("email_verified") is True
        at = _moment(claims.get("auth_time"))
        return cls(
            subject,
            normal_email(email) if email is not None and verified else None,
            frozenset(_lines(claims.get(provider.groups_claim))),
            at is not None and _counts(claims, provider),
            at,
            text_line(claims.get("sid"), MAX_SID),
        )


def _counts(claims: Mapping[str, Any], provider: Provider) -> bool:
    """Whether the second factor was shown that the settings accept."""
    acr = claims.get("acr")
    shown = provider.factor_amr.intersection(_lines(claims.get("amr")))
    return bool(shown) or (isinstance(acr, str) and acr in provider.factor_acr)


def text_line(value: Any, limit: int) -> str | None:
    """A text of one line that can be stored."""
    usable = isinstance(value, str) and 0 < len(value) <= limit and value.isprintable()
    return value if usable else None


def _lines(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [
        line for each in values[:MAX_GROUPS] if (line := text_line(each, MAX_GROUP)) is not None
    ]


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None

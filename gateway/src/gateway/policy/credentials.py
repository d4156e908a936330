"""Step 2: the syntax of `Authorization`, before anything is decoded."""

import re
from typing import Final, NamedTuple

from common.jws import MAX_TOKEN_BYTES
from gateway import refusals
from gateway.policy.headers import HeaderMap
from gateway.refusals import Refusal
from gateway.routes import AuthRequirement, Route

# One space, and the scheme in any case (RFC 9110, 11.1).
_BEARER: Final = re.compile(rb"bearer +(.*)", re.IGNORECASE | re.DOTALL)
_COMPACT: Final = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class Credentials(NamedTuple):
    """The token of a request, or why it can have none."""

    token: bytes | None = None
    refusal: Refusal | None = None


_NONE: Final = Credentials()


def read_credentials(headers: HeaderMap, route: Route) -> Credentials:
    """The bearer token. A public route has no use for one, so only a duplicate matters there."""
    values = headers.all(b"authorization")
    if len(values) > 1:
        return Credentials(refusal=refusals.DuplicateAuthorization())
    if not values or route.auth is AuthRequirement.PUBLIC:
        return _NONE
    match = _BEARER.fullmatch(values[0])
    if match is None:
        return Credentials(refusal=refusals.SchemeUnsupported())
    token = match[1]
    if len(token) > MAX_TOKEN_BYTES or _COMPACT.fullmatch(token) is None:
        return Credentials(refusal=refusals.TokenMalformed())
    return Credentials(token)

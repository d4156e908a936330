"""ETags of versioned resources, and the `If-Match` that guards their changes (RFC 9110, 13.1.1)."""

from typing import Annotated

from fastapi import Depends, Header, Response

from common.errors import BadRequest, PreconditionFailed, PreconditionRequired


def etag(version: int) -> str:
    """The strong entity tag of a version."""
    return f'"{version}"'


def set_etag(response: Response, version: int) -> None:
    """Tell the client which version it holds."""
    response.headers["ETag"] = etag(version)


def expected_version(
    if_match: Annotated[str | None, Header(max_length=64)] = None,
) -> int:
    """The version that the client believes is current. Raises PreconditionRequired, BadRequest."""
    if if_match is None:
        raise PreconditionRequired
    tag = if_match.strip()
    digits = tag[1:-1] if len(tag) > 2 and tag[0] == tag[-1] == '"' else ""  # noqa: PLR2004 - two quotes
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):  # noqa: PLR2004 - fits an int
        raise BadRequest('If-Match must be an ETag of this resource, such as "3"')
    return int(digits)


ExpectedVersionDep = Annotated[int, Depends(expected_version)]


def check_version(expected: int, current: int) -> None:
    """Raise PreconditionFailed, which names the current version, when they differ."""
    if expected != current:
        raise PreconditionFailed(extra={"current_version": current})

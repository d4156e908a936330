"""ETags of versioned resources, and the `If-Match` that guards their changes (RFC 9110, 13.1.1).

A client that has read a resource holds its version and a digest of all that was shown
(`common.representation`). A change is guarded by the version alone: a court's new name is no
change of a case.
"""

import re
from typing import Annotated, Final

from fastapi import Depends, Header, Response

from common.errors import BadRequest, PreconditionFailed, PreconditionRequired

# The version that a client has seen; None is `If-Match: *`, for any version.
ExpectedVersion = int | None

IF_MATCH: Final = "If-Match"
# The version fits an int of Postgres.
_TAG: Final = re.compile(r'"([0-9]{1,9})(?:-[0-9a-f]{16})?"')


def etag(version: int) -> str:
    """The strong entity tag of a version."""
    return f'"{version}"'


def set_etag(response: Response, version: int) -> None:
    """Tell the client which version it holds."""
    response.headers["ETag"] = etag(version)


def expected_version(
    if_match: Annotated[
        str | None,
        Header(
            alias=IF_MATCH,
            max_length=64,
            description="The ETag of the version that you change; `*` for any version",
            examples=['"3"'],
        ),
    ] = None,
) -> ExpectedVersion:
    """The version that the client believes is current. Raises PreconditionRequired, BadRequest."""
    if if_match is None:
        raise PreconditionRequired
    given = if_match.strip()
    if given == "*":
        return None
    tag = _TAG.fullmatch(given)
    if tag is None:
        raise BadRequest('If-Match must be an ETag of this resource, such as "3"')
    return int(tag[1])


ExpectedVersionDep = Annotated[ExpectedVersion, Depends(expected_version)]


def check_version(expected: ExpectedVersion, current: int) -> None:
    """Raise PreconditionFailed, which names the current version, when they differ."""
    if expected not in (None, current):
        raise PreconditionFailed(
            extra={"current_version": current}, headers={"ETag": etag(current)}
        )

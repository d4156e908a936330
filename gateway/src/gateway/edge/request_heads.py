"""What a request's head may not say, beyond what the parser refuses by itself (RFC 9112)."""

from collections.abc import Iterable
from typing import Final

import httptools

from gateway.edge import failures
from gateway.policy.refusals import Refusal

_VERSIONS: Final = frozenset({"1.0", "1.1"})
_CHUNKED: Final = b"chunked"


class RefusedHead(Exception):
    """The request is not served; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def check_head(
    method: bytes, version: str, headers: Iterable[tuple[bytes, bytes]], *, upgrade: bool
) -> None:
    """Raise RefusedHead where two servers could disagree on what follows the head."""
    codings = [value for name, value in headers if name == b"transfer-encoding"]
    sized = codings or any(name == b"content-length" for name, _ in headers)
    if method == b"CONNECT" or version not in _VERSIONS:
        raise RefusedHead(failures.MALFORMED)
    if codings and (version == "1.0" or codings[0].lower() != _CHUNKED):
        raise RefusedHead(failures.MALFORMED)
    if upgrade and sized:
        raise RefusedHead(failures.MALFORMED)  # is it a body, or the next protocol's first bytes?


def request_target(url: bytes) -> bytes:
    """Path and query, also of the absolute form (3.2.2). Raises RefusedHead."""
    if b"#" in url:
        raise RefusedHead(failures.MALFORMED)  # a fragment is never sent (3.2)
    if url.startswith(b"/"):
        return url
    parsed = httptools.parse_url(url)
    query = b"?" + parsed.query if parsed.query else b""
    return (parsed.path or b"/") + query

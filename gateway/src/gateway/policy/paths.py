"""Path safety: what is authorised is what the upstream will see, or the request is refused.

The raw path goes upstream as it came. Anything that a server might decode or resolve to another
path than the one that was matched is refused: encoded slashes, backslashes, NUL and other controls,
percent signs (double encoding), dot segments and empty segments.
"""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from gateway.refusals import PathUnsafe

# By far most paths: segments that begin with an unreserved character other than a dot.
_PLAIN: Final = re.compile(rb"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?|/")
# RFC 3986, 3.3: pchar, and percent-encodings that are neither controls nor "%", "/", "\", DEL.
_SAFE: Final = re.compile(
    rb"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]"
    rb"|%(?!25|2[fF]|5[cC]|7[fF]|[01])[0-9A-Fa-f]{2})*"
)
_EMPTY_OR_DOTS: Final = frozenset({b"", b".", b".."})


def path_fault(raw_path: bytes) -> PathUnsafe | None:
    """Why this path cannot be routed, if so."""
    if _PLAIN.fullmatch(raw_path) is not None:
        return None
    if _SAFE.fullmatch(raw_path) is None:
        return PathUnsafe()
    decoded = unquote_to_bytes(raw_path)
    segments = decoded[1:].removesuffix(b"/").split(b"/")
    # Some servers take "..;x" for "..": a path parameter must not hide a dot segment.
    if decoded != b"/" and any(
        segment.partition(b";")[0] in _EMPTY_OR_DOTS for segment in segments
    ):
        return PathUnsafe()
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return PathUnsafe()
    return None

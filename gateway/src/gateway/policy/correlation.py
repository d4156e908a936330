"""Step 1: the request's ID and its trace, taken from the client only when well-formed."""

import re
from random import getrandbits
from typing import Final, NamedTuple

from common.ids import new_request_id, valid_request_id
from gateway.policy.headers import HeaderMap

# W3C Trace Context, 3.2.2: version 00 has exactly these fields; a later version may append more.
_TRACEPARENT: Final = re.compile(
    rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[\x21-\x7e]*)?"
)
_NO_TRACE: Final = b"0" * 32
_NO_SPAN: Final = b"0" * 16
_MAX_TRACESTATE_BYTES: Final = 512


class Correlation(NamedTuple):
    """What ties together all that happens because of one request."""

    request_id: str
    traceparent: bytes
    tracestate: bytes | None = None


def correlate(headers: HeaderMap) -> Correlation:
    """Keep the client's ID and trace where each has one valid value, else begin new ones."""
    given = headers.only(b"x-request-id")
    request_id = given.decode("latin-1") if given is not None else None
    if request_id is None or not valid_request_id(request_id):
        request_id = new_request_id()
    parent = parse_traceparent(headers.only(b"traceparent"))
    if parent is None:
        # Sampled: whether anything is recorded is up to the services' own configuration.
        # The IDs must be unlikely to meet, not hard to guess.
        ids = b"%048x" % getrandbits(192)
        return Correlation(request_id, b"00-%b-%b-01" % (ids[:32], ids[32:]))
    return Correlation(request_id, parent, _tracestate(headers))


def parse_traceparent(value: bytes | None) -> bytes | None:
    """The value as version 00, or None when it breaks the specification anywhere."""
    match = _TRACEPARENT.fullmatch(value) if value is not None else None
    if match is None:
        return None
    version, trace, span, flags, rest = match.groups()
    if version == b"ff" or trace == _NO_TRACE or span == _NO_SPAN:
        return None
    if version == b"00" and rest is not None:
        return None
    return b"-".join((b"00", trace, span, flags))


def _tracestate(headers: HeaderMap) -> bytes | None:
    state = b",".join(headers.all(b"tracestate"))
    return state if 0 < len(state) <= _MAX_TRACESTATE_BYTES and state.isascii() else None

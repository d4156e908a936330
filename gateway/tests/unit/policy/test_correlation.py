"""Request IDs and traces are the client's only when they are well-formed."""

from uuid import UUID

import pytest

from gateway.policy.correlation import correlate, parse_traceparent
from gateway.policy.headers import HeaderMap

PARENT = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_valid_request_id_is_preserved() -> None:
    assert correlate(HeaderMap([(b"x-request-id", b"order-66_a.b")])).request_id == "order-66_a.b"


@pytest.mark.parametrize(
    "given",
    [b"short", b"x" * 129, b"has space in it", b"line\tfeed-----", b"caf\xc3\xa9-caf\xc3\xa9"],
)
def test_an_invalid_request_id_is_replaced_by_a_uuid(given: bytes) -> None:
    request_id = correlate(HeaderMap([(b"x-request-id", given)])).request_id
    assert UUID(request_id).version == 7


def test_two_request_ids_are_none() -> None:
    headers = HeaderMap([(b"x-request-id", b"first-one"), (b"x-request-id", b"second-one")])
    assert UUID(correlate(headers).request_id).version == 7


def test_a_valid_trace_goes_on() -> None:
    headers = HeaderMap([(b"traceparent", PARENT), (b"tracestate", b"vendor=1")])
    correlation = correlate(headers)
    assert correlation.traceparent == PARENT
    assert correlation.tracestate == b"vendor=1"


def test_a_later_version_is_read_as_the_first() -> None:
    assert parse_traceparent(b"cc" + PARENT[2:] + b"-more") == PARENT


@pytest.mark.parametrize(
    "given",
    [
        PARENT.upper(),
        PARENT + b"-more",
        PARENT[:-1],
        PARENT.replace(b"00-", b"ff-", 1),
        b"00-" + b"0" * 32 + PARENT[35:],
        PARENT[:36] + b"0" * 16 + b"-01",
        b" " + PARENT,
        PARENT + b"\n",
        b"",
    ],
)
def test_a_trace_that_breaks_the_specification_restarts_without_its_state(given: bytes) -> None:
    correlation = correlate(HeaderMap([(b"traceparent", given), (b"tracestate", b"vendor=1")]))
    assert correlation.traceparent != given
    assert parse_traceparent(correlation.traceparent) == correlation.traceparent
    assert correlation.tracestate is None


def test_two_traceparents_are_none() -> None:
    headers = HeaderMap([(b"traceparent", PARENT), (b"traceparent", PARENT)])
    assert correlate(headers).traceparent != PARENT

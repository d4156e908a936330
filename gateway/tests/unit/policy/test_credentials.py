"""The syntax of Authorization, before anything is decoded."""

import pytest

from common.jws import MAX_TOKEN_BYTES
from gateway import refusals
from gateway.policy.credentials import read_credentials
from gateway.policy.headers import HeaderMap
from gateway.routes import AuthRequirement, Route, Upstream

REQUIRED = Route("cases", "/api/v1/*", ("GET",), Upstream.CORE)
PUBLIC = Route("login", "/login", ("POST",), Upstream.AUTH, AuthRequirement.PUBLIC)


def headers(*values: bytes) -> HeaderMap:
    return HeaderMap([(b"authorization", value) for value in values])


@pytest.mark.parametrize("value", [b"Bearer a.b.c", b"bearer a.b.c", b"BEARER   a-1.b_2.c"])
def test_a_bearer_token_is_read(value: bytes) -> None:
    assert read_credentials(headers(value), REQUIRED).token == value.split()[1]


def test_no_header_is_no_credentials_and_no_fault() -> None:
    credentials = read_credentials(headers(), REQUIRED)
    assert credentials.token is None
    assert credentials.refusal is None


def test_a_token_of_exactly_the_limit_passes_and_one_byte_more_does_not() -> None:
    longest = b"a" * (MAX_TOKEN_BYTES - 4) + b".b.c"
    assert read_credentials(headers(b"Bearer " + longest), REQUIRED).token == longest
    over = read_credentials(headers(b"Bearer a" + longest), REQUIRED)
    assert type(over.refusal) is refusals.TokenMalformed


@pytest.mark.parametrize("value", [b"", b"Basic YTpi", b"a.b.c", b"Bearera.b.c", b"Token a.b.c"])
def test_another_scheme_is_refused(value: bytes) -> None:
    assert type(read_credentials(headers(value), REQUIRED).refusal) is refusals.SchemeUnsupported


@pytest.mark.parametrize(
    "token",
    [b"", b"a.b", b"a.b.c.d", b"a.b.c=", b"a.b.c ", b"a.b. c", b"a.b.\xff", b"a.b.c\n", b".."],
)
def test_a_token_outside_the_alphabet_is_refused(token: bytes) -> None:
    refusal = read_credentials(headers(b"Bearer " + token), REQUIRED).refusal
    assert type(refusal) is refusals.TokenMalformed


def test_a_duplicate_is_malformed_even_where_credentials_do_not_matter() -> None:
    twice = headers(b"Bearer a.b.c", b"Bearer a.b.c")
    assert type(read_credentials(twice, PUBLIC).refusal) is refusals.DuplicateAuthorization


def test_a_public_route_takes_no_notice_of_a_stale_header() -> None:
    credentials = read_credentials(headers(b"Bearer undefined"), PUBLIC)
    assert credentials.token is None
    assert credentials.refusal is None

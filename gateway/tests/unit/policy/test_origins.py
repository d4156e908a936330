"""Pages of which origins may read our answers."""

import pytest

from gateway.policy.origins import Origins

PATTERN = r"regex:^https://[a-z0-9-]{1,20}\.preview\.example(:\d+)?$"
ORIGINS = Origins(["https://courts.example", PATTERN, "http://localhost:3000"])


@pytest.mark.parametrize(
    "origin",
    [b"https://courts.example", b"http://localhost:3000", b"https://pr-7.preview.example",
     b"https://pr-7.preview.example:8443"],
)  # fmt: skip
def test_an_origin_of_the_list_may_read(origin: bytes) -> None:
    assert ORIGINS.allows(origin)


@pytest.mark.parametrize(
    "origin",
    [b"https://courts.example.evil.example", b"https://evil.example", b"http://courts.example",
     b"https://courts.example:444", b"https://courts.example/", b"null", b"", b"*", None,
     b"https://COURTS.example", b"https://pr-7.preview.example.evil.example",
     b"https://evil.example/https://a.preview.example", b"https://a.preview.example\n",
     b"https://a.preview.example:\xd9\xa1",
     b"https://" + b"a" * 600 + b".preview.example"],
)  # fmt: skip
def test_any_other_may_not(origin: bytes | None) -> None:
    assert not ORIGINS.allows(origin)


def test_the_wildcard_allows_every_page_but_nothing_that_names_none() -> None:
    anyone = Origins(["*"])
    assert anyone.allows(b"https://any.example")
    assert not anyone.allows(None)
    assert not Origins([]).allows(b"https://any.example")


def test_an_origin_may_not_be_so_long_that_matching_it_takes_long() -> None:
    assert not Origins(["regex:^https://.*$"]).allows(b"https://" + b"a" * 600)

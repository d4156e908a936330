"""No path may mean something else to the upstream than it did to the route table."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.paths import path_fault
from gateway.refusals import PathUnsafe


@pytest.mark.parametrize(
    "path",
    [b"/", b"/api/v1/cases", b"/api/v1/cases/", b"/.well-known/jwks.json", b"/a/..b", b"/a/b..",
     b"/a/...", b"/HCCC%20E014%202025", b"/caf%C3%A9", b"/a;v=1,2/b:c@d", b"/~x/_y-z.w"],
)  # fmt: skip
def test_an_ordinary_path_passes(path: bytes) -> None:
    assert path_fault(path) is None


@pytest.mark.parametrize(
    "path",
    [b"", b"*", b"api", b"//", b"//api", b"/a//b", b"/a//", b"/.", b"/..", b"/a/./b", b"/a/../b",
     b"/a/..", b"/%2e", b"/%2E%2e/a", b"/.%2e/a", b"/..;/a", b"/..;x=1/a", b"/;/a", b"/a%2fb",
     b"/a%2Fb", b"/a%5cb", b"/a\\b", b"/a%00", b"/a\x00", b"/a%0a", b"/a%0D", b"/a%1f", b"/a%7f",
     b"/a%25", b"/a%252e", b"/a%", b"/a%2", b"/a%zz", b"/a b", b"/a\x80", b"/%ff", b"/%c0%ae",
     b"/a?b", b"/a#b", b'/a"b', b"/a<b", b"/a|b", b"/a^b", b"/a`b", b"/{a}"],
)  # fmt: skip
def test_an_ambiguous_path_is_refused(path: bytes) -> None:
    assert type(path_fault(path)) is PathUnsafe


@given(st.binary(max_size=40).map(lambda tail: b"/" + tail))
def test_what_passes_decodes_to_the_same_segments(path: bytes) -> None:
    if path_fault(path) is None:
        raw = path.decode("ascii")
        segments = unquote(raw, errors="strict").split("/")
        assert len(segments) == len(raw.split("/"))
        assert not {".", ".."} & set(segments)
        assert "\\" not in unquote(raw)
        assert "%" not in unquote(raw)
        assert unquote(raw).isprintable() or not unquote(raw).isascii()

"""The console as it is served: a fresh page, lasting assets, a policy without holes."""

from pathlib import Path

import pytest

from gateway.documents.console import Console

SCRIPT = "/assets/index-0123abcd.js"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text('<meta property="csp-nonce" content="" />')
    (assets / "index-0123abcd.js").write_text("plain")
    (assets / "index-0123abcd.js.br").write_text("brotli")
    (assets / "index-0123abcd.js.gz").write_text("gzip")
    (assets / "icon.svg").write_text("<svg/>")
    return tmp_path


def test_each_page_has_a_nonce_of_its_own_and_nothing_inline_is_allowed(folder: Path) -> None:
    console = Console.read(folder)
    first, second = console.index(), console.index()
    assert first is not None
    assert second is not None
    assert first[1] != second[1]
    headers = dict(first[0])
    policy = headers[b"content-security-policy"]
    assert b"unsafe" not in policy
    assert b"script-src 'self';" in policy
    nonce = first[1].partition(b'nonce="')[2].partition(b'"')[0]
    assert b"'nonce-%s'" % nonce in policy
    assert headers[b"cache-control"] == b"no-store"


@pytest.mark.parametrize(
    ("accepted", "content"),
    [(b"gzip, deflate, br", b"brotli"), (b"gzip", b"gzip"), (b"", b"plain")],
)
def test_an_asset_comes_in_the_smallest_form_that_is_accepted(
    folder: Path, accepted: bytes, content: bytes
) -> None:
    found = Console.read(folder).asset(SCRIPT, accepted)
    assert found is not None
    assert found[1] == content
    assert b"immutable" in dict(found[0])[b"cache-control"]


def test_a_file_whose_name_says_nothing_of_its_content_is_fetched_again(folder: Path) -> None:
    found = Console.read(folder).asset("/assets/icon.svg", b"")
    assert found is not None
    assert b"immutable" not in dict(found[0])[b"cache-control"]


def test_nothing_but_built_assets_is_served(folder: Path) -> None:
    console = Console.read(folder)
    for path in ("/assets/../index.html", "/assets/index-0123abcd.js.br", "/assets/none.js"):
        assert console.asset(path, b"") is None


def test_without_a_built_console_there_is_no_page(tmp_path: Path) -> None:
    assert Console.read(None).index() is None
    assert Console.read(tmp_path).index() is None

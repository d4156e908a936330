"""The page's files: what is packaged is what Swagger UI's makers publish, and nothing is inline."""

import re
from hashlib import sha256
from importlib.resources import files

import pytest

from gateway.documents.swagger_ui import CONTENT_SECURITY_POLICY, PAGE, read_assets

# Of npm's swagger-ui-dist 5.34.0: passwords are typed into a page that runs this.
PUBLISHED = {
    "swagger-ui-bundle.js": "3f6abf70480db7e07914df4c98a77385f22ea585eaf457a3e6415ba0eae2d167",
    "swagger-ui.css": "c3cfe8248c4b0b89673600fb829924eafbac6de4bc4b2b06f5f5243483074d0a",
    "favicon-32x32.png": "3ed612f41e050ca5e7000cad6f1cbe7e7da39f65fca99c02e99e6591056e5837",
}
HTML = (files("gateway.documents.swagger_ui") / PAGE).read_text()


@pytest.mark.parametrize(("name", "digest"), PUBLISHED.items())
def test_the_packaged_files_are_those_of_swagger_ui_dist(name: str, digest: str) -> None:
    """After an upgrade: `npm pack swagger-ui-dist@VERSION`, and compare before writing it here."""
    assert sha256(read_assets()[f"/docs/{name}"].content).hexdigest() == digest


def test_everything_that_the_page_loads_is_served_from_here() -> None:
    loaded = set(re.findall(r"""(?:src|href)=["']([^"']*)""", HTML))
    assert loaded - {"/openapi.json"} == read_assets().keys() - {"/docs"}


def test_the_page_has_no_inline_script_or_style() -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", HTML)
    assert "unsafe" not in CONTENT_SECURITY_POLICY

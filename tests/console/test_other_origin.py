"""The console from another origin, as `make frontend-dev` serves it: CORS, cookies, refresh."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from console.visiting import FRONTEND, Visit
from playwright.sync_api import FilePayload, expect

import devstack
from devstack.console import NODE
from devstack.stack import Stack

Visiting = Callable[..., Visit]
SAMPLE = Path(devstack.__file__).parent / "samples" / "return-testville.csv"


@pytest.fixture
def development(stack: Stack, other_origin: str) -> Iterator[str]:
    """Vite, with the gateway by the name of this machine: of one site, as cookies need it."""
    port = str(urlsplit(other_origin).port)
    api = f"http://localhost:{urlsplit(stack.base_url).port}"
    command = (str(NODE), "node_modules/vite/bin/vite.js", "--port", port)
    environment = os.environ | {"VITE_API": api, "NO_COLOR": "1"}
    with subprocess.Popen(command, cwd=FRONTEND, env=environment, stdout=subprocess.PIPE) as vite:  # noqa: S603 - our own command
        try:
            assert vite.stdout is not None
            while b"Local:" not in vite.stdout.readline():
                assert vite.poll() is None
            yield api
        finally:
            vite.terminate()


def test_a_clerk_works_on_another_origin_than_the_api(
    visit: Visiting, development: str, other_origin: str
) -> None:
    clerk = visit("clerk", "/returns", url=other_origin, api=development)
    page = clerk.page
    page.reload()
    expect(page.get_by_role("heading", name="Sent so far")).to_be_visible()
    content = SAMPLE.read_bytes() + f",{uuid4()}\n".encode()
    file: FilePayload = {"name": "elsewhere.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("File of the return").set_input_files(file)
    expect(page.get_by_role("status").filter(has_text="Checked")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill("clerk@masijala.example")
    page.get_by_label("Password").first.fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Request ID")

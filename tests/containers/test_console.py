"""The console of the containers in a browser: behind TLS, under its policy, from its own host."""

import ssl
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from bare_stack import demo_credentials
from console.visiting import Visit
from e2e.chromium import running_chromium
from e2e.targets import Containers
from playwright.sync_api import FilePayload, expect

import devstack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SAMPLE = Path(devstack.__file__).parent / "samples" / "return-testville.csv"


def test_a_clerk_signs_in_and_sends_the_sample(target: Containers, trust: ssl.SSLContext) -> None:
    page = httpx.get(target.url, verify=trust)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy

    with running_chromium(target) as chromium:
        clerk = Visit.begin(chromium, target.url, "/returns")
        clerk.sign_in(**demo_credentials("clerk", target.password))
        # Another file than that of an earlier run, which would be refused as sent before.
        content = SAMPLE.read_bytes() + f",{uuid4()}\n".encode()
        file: FilePayload = {"name": "sample.csv", "mimeType": "text/csv", "buffer": content}
        clerk.page.get_by_label("File of the return").set_input_files(file)
        expect(clerk.page.get_by_role("status").filter(has_text="Checked")).to_be_visible()
        assert clerk.page.evaluate("isSecureContext && location.protocol") == "https:"
        session = [each for each in clerk.context.cookies() if "device" not in each["name"]]
        assert [(each["secure"], each["httpOnly"]) for each in session] == [(True, True)]
        # Logged errors, violations of the policy among them, and requests to other hosts fail here.
        clerk.end()

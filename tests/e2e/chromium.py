"""Headless Chromium for tests: Debian's `chromium`; in CI a missing one is a failure."""

import os
import shutil
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from e2e.targets import Target
from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_program() -> str:
    """Where Chromium is; without it the test is skipped, but in CI fails."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        reason = "needs Chromium: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@contextmanager
def running_chromium(target: Target, *certificates: str) -> Iterator[Browser]:
    """A browser that believes the keys of the gateway and of these certificates, and no others."""
    program = chromium_program()
    flags = [*FLAGS, *_believed(target, certificates)]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        yield chromium
        chromium.close()


def _believed(target: Target, certificates: tuple[str, ...]) -> list[str]:
    if target.authority is None:
        return []
    address = urlsplit(target.url)
    gateway = ssl.get_server_certificate((str(address.hostname), int(address.port or 443)))
    pins = ",".join(_pin(pem) for pem in (gateway, *certificates))
    return [f"--ignore-certificate-errors-spki-list={pins}"]


def _pin(pem: str) -> str:
    """What Chromium knows a certificate's key by."""
    key = load_pem_x509_certificate(pem.encode()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(sha256(spki).digest()).decode()

"""Two directories that answer as a test wants, and a browser."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from auth_service.oidc import cached
from testkit.auth.api import Api
from testkit.auth.directories import (
    Browser,
    HostileDirectory,
    oidc_settings,
    provider,
)
from testkit.serving import serving


@pytest.fixture
async def ministry() -> AsyncIterator[HostileDirectory]:
    directory = HostileDirectory()
    async with serving(directory.app()) as directory.issuer:
        yield directory


@pytest.fixture
async def other() -> AsyncIterator[HostileDirectory]:
    directory = HostileDirectory()
    async with serving(directory.app()) as directory.issuer:
        yield directory


@pytest.fixture
def settings_changes(ministry: HostileDirectory, other: HostileDirectory) -> dict[str, Any]:
    trusting = provider("other", other.issuer, factor_amr=["mfa"], factor_acr=["gold"])
    return oidc_settings(provider("ministry", ministry.issuer), trusting)


@pytest.fixture
def browser(api: Api, clerk: str) -> Browser:
    assert clerk == HostileDirectory().email
    return Browser(api)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are fetched again as soon as they are needed."""
    monkeypatch.setattr(cached, "RETRY_SECONDS", 0.0)

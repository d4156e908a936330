"""One stack with the console for all tests of its pages, and a browser for each file.

A test takes `visit`: it opens the console as an account in a new profile, and fails when a
page has logged an error, broken its Content-Security-Policy or called another host.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from bare_stack import UNHURRIED, bare_stack, demo_credentials
from console.accounts import directories
from console.visiting import Visit
from e2e.chromium import FLAGS, chromium_program
from playwright.sync_api import Browser, sync_playwright

from devstack.servers.ports import free_ports
from devstack.stack import Stack
from testkit.auth.directories import RealDirectory, real_directory

# The first test waits for the build and the start of the stack.
SECONDS: Final = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="session")
def other_origin() -> str:
    """Where a console that is being developed is served; the stack allows it."""
    return f"http://localhost:{free_ports(1)[0]}"


@pytest.fixture(scope="session")
def judiciary() -> Iterator[RealDirectory]:
    """A directory that users may sign in through."""
    with real_directory() as running:
        yield running


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory, other_origin: str, judiciary: RealDirectory
) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("console")
    environment = UNHURRIED | directories(judiciary.issuer)
    with (
        asyncio.Runner() as runner,
        bare_stack(runner, home, environment, console=True, origins=other_origin) as stack,
    ):
        yield stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one file: while Playwright's event loop runs, no other test can have one."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_program(), args=[*FLAGS])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(stack: Stack, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens the console in a new profile; with an account, signed in."""
    visits: list[Visit] = []

    def open_console(
        account: str | None = None, path: str = "/", url: str = stack.base_url, **options: Any
    ) -> Visit:
        visits.append(Visit.begin(browser, url, path, **options))
        if account is not None:
            visits[-1].sign_in(**demo_credentials(account, stack.password))
        return visits[-1]

    yield open_console
    for each in visits:
        each.end()


@pytest.fixture(scope="module")
def api(stack: Stack) -> Iterator[Callable[[str], httpx.Client]]:
    """Clients of the API as an account, to prepare what a page shows; tokens live for minutes."""
    clients: dict[str, httpx.Client] = {}

    def of(account: str) -> httpx.Client:
        if account not in clients:
            client = httpx.Client(base_url=f"{stack.base_url}/api/v1", timeout=15)
            answer = client.post("/auth/login", json=demo_credentials(account, stack.password))
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            clients[account] = client
        return clients[account]

    yield of
    for client in clients.values():
        client.close()

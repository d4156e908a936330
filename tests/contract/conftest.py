"""The stack of these tests, and credentials for each kind of caller."""

import asyncio
import os
import subprocess
from collections.abc import Callable, Iterator
from http import HTTPStatus
from time import monotonic, sleep

import httpx
import pytest
from bare_stack import bare_stack

from devstack.environment import auth_environment
from devstack.provisioning import auth_command
from devstack.stack import DEMO_ACCOUNTS, Stack

SECONDS = float(os.environ.get("CONTRACT_SECONDS", "60"))
LEAVER = "leaver"
BACK_OFF_SECONDS = 120.0


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of what takes long."""
    config.addinivalue_line("markers", "takes(seconds): left out where CONTRACT_SECONDS is less")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what cannot finish in time; the default run skips nothing."""
    markers = [(item, item.get_closest_marker("takes")) for item in items]
    too_long = [item for item, marker in markers if marker and marker.args[0] > SECONDS]
    items[:] = [item for item in items if item not in too_long]
    config.hook.pytest_deselected(items=too_long)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("contract")
    with asyncio.Runner() as runner, bare_stack(runner, home) as stack:
        make_admin(stack, LEAVER)
        yield stack


def make_admin(stack: Stack, account: str) -> None:
    """A second administrator, whose account a test may deactivate."""
    names = ("--email", f"{account}@masijala.example", "--name", "Short Stay")
    environment = auth_environment(stack.wiring) | {"AUTH_ADMIN_PASSWORD": stack.password}
    command = auth_command("create-admin", *names)
    subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 - our own command


@pytest.fixture(scope="session")
def client(stack: Stack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.base_url, timeout=15) as client:
        yield client


@pytest.fixture(scope="session")
def headers_of(stack: Stack, client: httpx.Client) -> Callable[[str], dict[str, str]]:
    """What a caller of this kind sends; anonymous sends nothing.

    Other callers of the run may have guessed at the account's password, with which examples go.
    """

    def sign_in(account: str) -> dict[str, str]:
        if account not in {*DEMO_ACCOUNTS, LEAVER}:
            return {}
        credentials = {"email": f"{account}@masijala.example", "password": stack.password}
        deadline = monotonic() + BACK_OFF_SECONDS
        answer = client.post("/api/v1/auth/login", json=credentials)
        while answer.status_code == HTTPStatus.TOO_MANY_REQUESTS and monotonic() < deadline:
            sleep(float(answer.headers["Retry-After"]))
            answer = client.post("/api/v1/auth/login", json=credentials)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return sign_in

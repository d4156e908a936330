"""The stack of these tests, and its description, from which clients are generated."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from bare_stack import bare_stack, demo_credentials

from devstack.stack import Stack

# The first test waits for the start of the stack, and the first client for npm's packages.
SECONDS = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("clients")
    with asyncio.Runner() as runner, bare_stack(runner, home) as stack:
        yield stack


@pytest.fixture(scope="session")
def description(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published document, in a file."""
    file = tmp_path_factory.mktemp("description") / "openapi.json"
    file.write_bytes(httpx.get(f"{stack.base_url}/openapi.json", timeout=15).content)
    return file


@pytest.fixture(scope="session")
def credentials(stack: Stack) -> Mapping[str, str]:
    """Those of the administrator."""
    return demo_credentials("admin", stack.password)

"""The stack that the tests of the registry's failures share; each puts it in order again."""

import asyncio
from collections.abc import Iterator

import pytest
from bare_stack import bare_stack

from devstack.stack import Stack


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def stack(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with bare_stack(runner, tmp_path_factory.mktemp("registry")) as stack:
        yield stack

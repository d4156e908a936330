"""A stack of these tests' own."""

import asyncio
from collections.abc import Iterator

import pytest
from bare_stack import UNHURRIED, bare_stack
from contract.conftest import make_admin

from devstack.stack import Stack

LEAVER = "leaver"
_LIMITS = ("AUTH_LIMIT_FORGOT_ACCOUNT", "AUTH_LIMIT_FORGOT_IP", "AUTH_LIMIT_CLIENT_TOKEN")
# Nor is what a hash costs the subject.
UNLIMITED = {
    **UNHURRIED,
    **dict.fromkeys(_LIMITS, "1000000/60"),
    "AUTH_HASH_MEMORY_KIB": "64",
}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("extremes")
    with asyncio.Runner() as runner, bare_stack(runner, home, UNLIMITED) as stack:
        make_admin(stack, LEAVER)
        yield stack

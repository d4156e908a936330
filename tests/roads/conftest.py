"""A registry of these tests' own, with another court's data planted in it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from bare_stack import bare_stack
from roads.people import Account, Caller, make
from roads.planting import Planted, Planting

from devstack.stack import Stack
from testkit.core.registry import DEMOVILLE, TESTVILLE

COURT, OTHER_COURT = str(TESTVILLE), str(DEMOVILLE)
ACCOUNTS = (
    Account("planter", "data_entry", COURT),
    Account("viewer-elsewhere", "viewer", OTHER_COURT),
    Account("clerk-elsewhere", "data_entry", OTHER_COURT),
    Account("admin-elsewhere", "admin", OTHER_COURT),
    Account("moved", "data_entry", COURT),
    *(Account(f"leaver-{each}", "data_entry", COURT) for each in ("seen", "held", "validated")),
    Account("shrinking", "data_entry", COURT),
)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder: Path = tmp_path_factory.mktemp("roads")
    with asyncio.Runner() as runner, bare_stack(runner, folder / "home") as stack:
        make(stack, ACCOUNTS, folder)
        yield stack


SignIn = Callable[[str], Caller]


@pytest.fixture(scope="session")
def sign_in(stack: Stack) -> Iterator[SignIn]:
    """Signs one of the accounts in; its connections are closed at the end."""
    with ExitStack() as closing:

        def run(name: str) -> Caller:
            caller = Caller.sign_in(stack.base_url, f"{name}@roads.example")
            closing.callback(caller.close)
            return caller

        yield run


@pytest.fixture(scope="session")
def admin(stack: Stack) -> Iterator[Caller]:
    caller = Caller.sign_in(stack.base_url, "admin@masijala.example", stack.password)
    yield caller
    caller.close()


@pytest.fixture(scope="session")
def planting(admin: Caller, sign_in: SignIn) -> Planting:
    return Planting(admin, sign_in("planter"))


@pytest.fixture(scope="session")
def planted(planting: Planting) -> list[Planted]:
    return planting.all()


@pytest.fixture(scope="session")
def document(stack: Stack) -> dict[str, Any]:
    """The merged OpenAPI, as the gateway serves it."""
    found: dict[str, Any] = httpx.get(f"{stack.base_url}/openapi.json", timeout=30).json()
    return found

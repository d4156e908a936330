"""A stack for one test: the demo accounts and courts, and no invented cases.

Those would take most of the time of a first start. The databases are made once for all stacks of a
session, each of which begins with a copy.
"""

import asyncio
import atexit
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import httpx
import pytest
from pydantic import SecretStr

from devstack.commands import run_command
from devstack.console import ConsoleBuild
from devstack.environment import Ports, auth_environment, core_environment
from devstack.programs import Program
from devstack.provisioning import Provisioning, auth_command, core_command
from devstack.settings import DevstackSettings
from devstack.stack import Stack

_LIMITS: Final = (
    *("GATEWAY_QUOTA_USER", "GATEWAY_QUOTA_IP", "GATEWAY_QUOTA_WRITE", "GATEWAY_QUOTA_UPLOAD"),
    *("GATEWAY_QUOTA_LOGIN", "GATEWAY_QUOTA_TOKEN", "GATEWAY_QUOTA_LOGIN_DEGRADED"),
    *("AUTH_LIMIT_LOGIN_ACCOUNT", "AUTH_LIMIT_LOGIN_IP", "AUTH_LIMIT_REFRESH_SESSION"),
)
DESCRIPTION_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.1
# Neither load nor a busy machine is the subject of these tests.
UNHURRIED: Final = {
    **dict.fromkeys(_LIMITS, "1000000/60"),
    "GATEWAY_REDIS_TIMEOUT_SECONDS": "5",
}


def demo_credentials(account: str, password: str) -> dict[str, str]:
    """The credentials of a demo account."""
    return {"email": f"{account}@masijala.example", "password": password}


@contextmanager
def bare_stack(
    runner: asyncio.Runner,
    home: Path,
    environment: Mapping[str, str] = UNHURRIED,
    redis_url: str | None = None,
    *,
    console: bool = False,
    origins: str | None = None,
) -> Iterator[Stack]:
    """Started and provisioned; stopped at the end. Its clerk is of every demo court."""
    if os.environ.get("STACK") == "compose":
        pytest.skip("these tests kill processes and need their own stack")
    _copy(_template(), home)
    stack = _stack(home, environment, redis_url, origins)
    if console:
        stack.build_console = ConsoleBuild(home / "console.log").bring_up_to_date
    try:
        runner.run(stack.start())
        wait_for_description(stack)
        yield stack
    finally:
        runner.run(stack.stop())


def wait_for_description(stack: Stack) -> None:
    """The gateway reads the description of the API in the background, from its services."""
    deadline = monotonic() + DESCRIPTION_SECONDS
    while httpx.get(f"{stack.base_url}/openapi.json").status_code != HTTPStatus.OK:
        assert monotonic() < deadline
        sleep(POLL_SECONDS)


def _stack(
    home: Path,
    environment: Mapping[str, str],
    redis_url: str | None = None,
    origins: str | None = None,
) -> Stack:
    settings = DevstackSettings(
        _env_file=None,
        home=home,
        port=0,
        demo=False,
        GATEWAY_ALLOWED_ORIGINS=origins,
        database_url=None,
        redis_url=SecretStr(redis_url) if redis_url else None,
    )
    # Set for this stack only: other children inherit the test process's variables.
    return Stack(settings, environment={**os.environ, **environment})


@cache
def _template() -> Path:
    """The home of a stack that has its data and has never run; removed when the session ends."""
    folder = Path(tempfile.mkdtemp(prefix="masijala-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    asyncio.run(_provision(_stack(folder / "home", UNHURRIED)))
    return folder / "home"


def _copy(template: Path, home: Path) -> None:
    """With owners and modes: Postgres may run as another account."""
    home.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{template}/.", str(home)], check=True)  # noqa: S603, S607 - our paths, and a program of every system


async def _provision(stack: Stack) -> None:
    stack.home.create()
    try:
        await stack._wire(Ports.starting_at(0))
        await Provisioning(stack.home, stack.wiring, demo=False).prepare()
        await _seed(stack)
    finally:
        await stack.stop()


async def _seed(stack: Stack) -> None:
    core, auth = core_environment(stack.wiring), auth_environment(stack.wiring)
    seed = Program("seed-core", core_command("seed-demo", "--cases", "0"), core)
    courts = json.loads(await run_command(seed, stack.log(seed.name)))["courts"].values()
    accounts = Program(
        "seed-auth",
        auth_command("seed-demo", "--clerk-courts", ",".join(courts)),
        auth | {"AUTH_DEMO_PASSWORD": stack.password},
    )
    await run_command(accounts, stack.log(accounts.name))

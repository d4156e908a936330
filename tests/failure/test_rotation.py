"""Key rotation and deployment of auth under full load: no request fails, no session ends.

FULL_COUNTS=1 goes on until keys have left the published set while tokens were in use.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from bare_stack import UNHURRIED, bare_stack
from failure.registry import until
from failure.traffic import Traffic, traffic

from devstack.child import Child
from devstack.commands import run_command
from devstack.environment import auth_environment
from devstack.programs import Program, stack_programs
from devstack.provisioning import auth_command
from devstack.servers.ports import listeners
from devstack.stack import Stack

FULL = os.environ.get("FULL_COUNTS") == "1"
DEPLOYMENTS = 10 if FULL else 2
# A retired key is published for the life of a token and its leeway, here two minutes.
ROTATIONS = 20 if FULL else 3
PEOPLE, GUESTS = 10, 3
# As in production, only faster: a new key every 9 s, published for 3 s before it signs.
ENVIRONMENT = UNHURRIED | {
    "AUTH_JWKS_SECONDS": "2",
    "AUTH_KEY_RELOAD_SECONDS": "0.5",
    "AUTH_KEY_ROTATION_DAYS": "0.0001",
    "AUTH_ACCESS_TOKEN_SECONDS": "60",
    "AUTH_HASH_MEMORY_KIB": "64",
    "AUTH_REUSE_PORT": "1",
    "AUTH_DRAIN_SECONDS": "2",
}

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500 if FULL else 400)]


@pytest.fixture(scope="module")
def stack(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("rotation")
    with bare_stack(runner, home, ENVIRONMENT) as stack:
        yield stack


@pytest.fixture(scope="module")
def deployments(runner: asyncio.Runner, stack: Stack) -> Iterator["Deployments"]:
    """Its last process serves until the module's end."""
    deployments = Deployments(stack)
    yield deployments
    runner.run(deployments.stop())


async def another_key_signs(traffic: Traffic) -> None:
    seen = len(traffic.signed_by)
    await until(lambda: len(traffic.signed_by) > seen)


async def published(stack: Stack) -> set[str]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{stack.base_url}/.well-known/jwks.json") as response,
    ):
        return {key["kid"] for key in (await response.json())["keys"]}


async def rotate_by_hand(stack: Stack) -> str:
    """`auth rotate-keys`; returns the ID of the pending key."""
    environment = auth_environment(stack.wiring)
    command = Program("rotate-keys", auth_command("rotate-keys"), environment)
    output = await run_command(command, stack.log(command.name))
    return output.split()[1]


class Deployments:
    """Replaces auth's process by a new one, repeatedly."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._pid = stack.supervisor.pid("auth")
        self._running: list[Child] = []

    async def start_second(self) -> None:
        """Start a second process; both serve when this returns."""
        program = next(each for each in stack_programs(self._stack.wiring) if each.name == "auth")
        self._running.append(await Child.start(program, self._stack.log("auth")))
        await until(lambda: listeners(self._stack.wiring.ports.auth) == 2)

    async def end_the_old(self) -> None:
        """SIGTERM, as a deployment does it, until the process has ended."""
        os.kill(self._pid, signal.SIGTERM)
        await until(lambda: _is_over(self._pid))
        self._pid = self._running[-1].process.pid

    async def stop(self) -> None:
        for child in self._running:
            await child.stop(grace_seconds=10)


def test_rotations_fail_no_request_and_end_no_session(runner: asyncio.Runner, stack: Stack) -> None:
    async def scenario() -> tuple[Traffic, set[str]]:
        async with traffic(stack.base_url, stack.password, people=PEOPLE, guests=GUESTS) as flowing:
            for turn in range(ROTATIONS):
                if turn % 3 == 1:
                    waiting = await rotate_by_hand(stack)
                    await until(lambda kid=waiting: kid in flowing.signed_by)  # type: ignore[misc]  # bound at once
                else:
                    await another_key_signs(flowing)
            return flowing, await published(stack)

    flowing, keys = runner.run(scenario())
    flowing.report("rotations")
    assert flowing.failures == []
    assert len(flowing.signed_by) > ROTATIONS
    assert min(flowing.served.values()) > 10 * ROTATIONS
    if FULL:
        assert flowing.signed_by[0] not in keys
    assert flowing.signed_by[-1] in keys


def test_deployments_fail_no_request_and_end_no_session(
    runner: asyncio.Runner, stack: Stack, deployments: Deployments
) -> None:
    async def scenario() -> Traffic:
        async with traffic(stack.base_url, stack.password, people=PEOPLE, guests=GUESTS) as flowing:
            for _ in range(DEPLOYMENTS):
                await deployments.start_second()
                await another_key_signs(flowing)  # while both serve
                await deployments.end_the_old()
                await another_key_signs(flowing)
            return flowing

    flowing = runner.run(scenario())
    flowing.report("deployments")
    assert flowing.failures == []
    assert min(flowing.served.values()) > 30 * DEPLOYMENTS


def _is_over(pid: int) -> bool:
    """Whether a process has ended, even if its parent has not reaped it yet."""
    try:
        return not Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return True

"""What callers of the gateway see while the parts behind it, or it itself, are restarted or die."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

import aiohttp
import pytest
from failure.registry import PROBLEM, signed_in

from devstack.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

WORKERS = 8
PAUSE_SECONDS = 0.005
CASES = "/api/v1/cases?limit=1"
SESSIONS = "/api/v1/auth/sessions"


@dataclass
class Load:
    """Some clients that call without end, each over one persistent connection."""

    session: aiohttp.ClientSession
    headers: Mapping[str, str]
    outcomes: list[tuple[float, str]] = field(default_factory=list)

    async def call(self, path: str) -> None:
        """Call until cancelled, and note what came of each call."""
        while True:
            outcome = await self._outcome(path)
            self.outcomes.append((monotonic(), outcome))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _outcome(self, path: str) -> str:
        try:
            async with self.session.get(path, headers=self.headers) as response:
                await response.read()
                if response.status != 200 and response.content_type != PROBLEM:
                    return f"{response.status} that is no problem"
                return str(response.status)
        except aiohttp.ClientConnectorError:
            return "refused"
        except aiohttp.ClientError as error:
            return f"lost: {type(error).__name__}"

    async def until_served(self, times: int = 200) -> None:
        """Wait until so many calls in a row were answered with 200, all after this one."""
        begun = len(self.outcomes)
        async with asyncio.timeout(60):
            while not self._served(max(begun, len(self.outcomes) - times), times):  # noqa: ASYNC110 - the callers send no event
                await asyncio.sleep(0.05)

    def _served(self, since: int, times: int) -> bool:
        last = self.outcomes[since:]
        return len(last) >= times and all(outcome == "200" for _, outcome in last)

    def since(self, moment: float) -> Counter[str]:
        """The outcomes from then on."""
        return Counter(outcome for at, outcome in self.outcomes if at >= moment)


@asynccontextmanager
async def loaded(stack: Stack, path: str) -> AsyncIterator[Load]:
    """The stack under load, working before and after the test."""
    async with signed_in(stack, "viewer") as viewer:
        load = Load(viewer.session, {"Authorization": f"Bearer {viewer.token}"})
        workers = [asyncio.create_task(load.call(path)) for _ in range(WORKERS)]
        try:
            await load.until_served(20)
            yield load
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)


@pytest.mark.parametrize(("name", "path"), [("core", CASES), ("auth", SESSIONS)])
def test_a_restart_behind_the_edge_shows_only_as_problems_and_leaves_nothing(
    runner: asyncio.Runner, stack: Stack, name: str, path: str
) -> None:
    async def scenario() -> Load:
        async with loaded(stack, path) as load:
            await stack.restart(name)
            await load.until_served()
            return load

    load = runner.run(scenario())
    assert {outcome for _, outcome in load.outcomes} <= {"200", "502", "503"}


@pytest.mark.parametrize(("name", "path"), [("core", CASES), ("auth", SESSIONS)])
def test_a_kill_behind_the_edge_shows_only_as_problems_and_recovers_by_itself(
    runner: asyncio.Runner, stack: Stack, name: str, path: str
) -> None:
    async def scenario() -> tuple[Load, float]:
        async with loaded(stack, path) as load:
            killed = monotonic()
            await stack.kill(name)
            async with asyncio.timeout(20):
                while "503" not in load.since(killed):  # noqa: ASYNC110 - a health check finds it
                    await asyncio.sleep(0.01)
            await stack.restart(name)
            await load.until_served()
            return load, killed

    load, killed = runner.run(scenario())
    assert {outcome for _, outcome in load.outcomes} <= {"200", "502", "503"}
    assert load.since(killed)["502"] > 0


def test_while_core_is_stopped_auth_continues_to_answer(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> Load:
        async with loaded(stack, SESSIONS) as load:
            await stack.kill("core")
            await load.until_served()
            await stack.restart("core")
            return load

    load = runner.run(scenario())
    assert {outcome for _, outcome in load.outcomes} == {"200"}


def test_a_restart_of_the_policy_shows_only_as_problems_and_leaves_nothing(
    runner: asyncio.Runner, stack: Stack
) -> None:
    async def scenario() -> Load:
        async with loaded(stack, CASES) as load:
            await stack.restart("policy")
            await load.until_served()
            return load

    load = runner.run(scenario())
    assert {outcome for _, outcome in load.outcomes} <= {"200", "503"}

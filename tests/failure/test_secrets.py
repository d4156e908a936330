"""Every secret of the table is replaced while requests are served: none fails, no old value works.

docs/operations.md, Keys and secrets, is the table.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import aiohttp
import psycopg
import pytest
from bare_stack import UNHURRIED, bare_stack
from failure.registry import until
from failure.traffic import CASES, LOGIN, LOGOUT, ME, REFRESH, Traffic, traffic

from common.assertions import HEADER, AssertionMinter, derive_key
from common.secret_values import ACCUMULATING
from devstack.commands import run_command
from devstack.environment import auth_environment, core_environment
from devstack.errors import CommandFailed
from devstack.programs import Program
from devstack.provisioning import auth_command, core_command
from devstack.rotation import BACKUPS, NAMES, SIGNING_KEYS, TABLE, Rotation
from devstack.secrets import StackSecrets
from devstack.stack import Stack
from devstack.stack_site import StackSite

PEOPLE, GUESTS, PAUSE_SECONDS = 2, 1, 0.1
# On each path, while one step of the rotation replaces services.
SERVED_IN_A_STEP: Final = 10
STEPS: Final = ("introduce", "swap", "retire")
ENVIRONMENT: Final = UNHURRIED | {
    "AUTH_JWKS_SECONDS": "2",
    "AUTH_KEY_RELOAD_SECONDS": "0.5",
    "AUTH_HASH_MEMORY_KIB": "64",
    **{f"{name}_REUSE_PORT": "1" for name in ("AUTH", "CORE")},
    **{f"{name}_DRAIN_SECONDS": "1" for name in ("AUTH", "CORE", "GATEWAY")},
}
CALLER: Final = {
    "ip": "127.0.0.1",
    "sub": str(uuid4()),
    "sid": str(uuid4()),
    "grants": [{"role": "admin", "courts": "*"}],
    "amr": ["pwd"],
    "acr": "1",
    "auth_time": 1,
}
# A busy machine starts processes slowly, and that is not the subject.
READY_SECONDS: Final = 300.0
LISTS: Final = {"auth": "/api/v1/users?limit=1", "core": "/api/v1/courts?limit=1"}

# Of the servers themselves; and of the containers' backups, whose rotation tests/containers tries.
OF_OTHERS: Final = {"postgres_password", "redis_password", BACKUPS}

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def stack(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("secrets")
    with bare_stack(runner, home, ENVIRONMENT) as stack:
        stack.supervisor.ready_seconds = READY_SECONDS
        yield stack


class Before:
    """What was made with the secrets that are about to be replaced."""

    def __init__(self, secrets: StackSecrets, cursors: dict[str, str]) -> None:
        self.secrets, self.cursors = secrets, cursors
        # How much was served on each path until each line that the rotation reports.
        self.served: dict[str, Counter[str]] = {}

    @classmethod
    async def of(cls, stack: Stack, traffic: Traffic) -> "Before":
        token = (await traffic.sign_in("admin"))["access_token"]
        pages = {name: await traffic.ask("GET", path, token) for name, path in LISTS.items()}
        cursors = {name: str(page["next_cursor"]) for name, page in pages.items()}
        return cls(stack.wiring.secrets, cursors)


@pytest.fixture(scope="module")
def rotated(runner: asyncio.Runner, stack: Stack) -> tuple[Before, Traffic]:
    """The stack after all of it, and the traffic that went on meanwhile."""

    async def scenario() -> tuple[Before, Traffic]:
        async with traffic(
            stack.base_url,
            stack.password,
            people=PEOPLE,
            guests=GUESTS,
            pause_seconds=PAUSE_SECONDS,
        ) as flowing:
            before = await Before.of(stack, flowing)

            def report(line: str) -> None:
                before.served[line] = flowing.served.copy()

            await Rotation(StackSite(stack), report).run(["all"])
            reported = list(before.served)
            assert reported[-1] == "every new value works, and every old one is refused"
            kid = reported[0].split()[1]
            await until(lambda: kid in flowing.signed_by)
            return before, flowing

    return runner.run(scenario())


def test_no_request_fails_and_every_secret_is_another(
    rotated: tuple[Before, Traffic], stack: Stack
) -> None:
    before, flowing = rotated
    flowing.report("secrets")
    old, new = asdict(before.secrets), asdict(stack.wiring.secrets)
    assert flowing.failures == []
    lines = [line for line in before.served if line.startswith(STEPS)]
    assert len(lines) == len(STEPS)
    for (line, start), (_, end) in pairwise(before.served.items()):
        if line in lines:
            served = {path: end[path] - start[path] for path in (CASES, ME, LOGIN, REFRESH, LOGOUT)}
            assert min(served.values()) > SERVED_IN_A_STEP, (line, served)
    assert len(flowing.signed_by) > 1
    stored = set(TABLE) - OF_OTHERS
    assert {name for name in stored if old[name] == new[name]} == set()
    assert set(NAMES) == {*TABLE, SIGNING_KEYS}


def test_no_process_has_an_old_value(rotated: tuple[Before, Traffic], stack: Stack) -> None:
    old = asdict(rotated[0].secrets)
    for name in ("auth", "core", "worker", "policy"):
        pid = stack.supervisor.pid(name)
        environment = Path(f"/proc/{pid}/environ").read_text()
        used_up = {each: old.get(each, "none such") for each in set(TABLE) - ACCUMULATING}
        assert [each for each, value in used_up.items() if value in environment] == []


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_the_old_key_is_refused(
    runner: asyncio.Runner, rotated: tuple[Before, Traffic], stack: Stack, name: str
) -> None:
    async def page() -> tuple[int, Any]:
        async with aiohttp.ClientSession(stack.base_url) as http:
            token = (await Traffic(http, stack.password).sign_in("admin"))["access_token"]
            headers = {"Authorization": f"Bearer {token}"}
            path = f"{LISTS[name]}&cursor={rotated[0].cursors[name]}"
            async with http.get(path, headers=headers) as response:
                return response.status, await response.json()

    status, problem = runner.run(page())
    assert (status, problem["code"]) == (HTTPStatus.BAD_REQUEST, "cursor-invalid")


def test_a_pepper_is_part_of_each_new_hash(rotated: tuple[Before, Traffic], stack: Stack) -> None:
    assert rotated
    pepper = stack.wiring.secrets.auth_password_peppers.partition(":")[0]
    with psycopg.connect(stack.wiring.auth_database_url) as connection:
        hashes = connection.execute("SELECT password_hash FROM users WHERE email LIKE 'viewer@%'")
        assert [str(row[0]).split("$")[2] for row in hashes] == [pepper]


@pytest.mark.parametrize("service", ["auth", "core"])
def test_an_assertion_under_the_old_key_is_refused(
    runner: asyncio.Runner, rotated: tuple[Before, Traffic], stack: Stack, service: str
) -> None:
    async def statuses() -> list[int]:
        found = []
        for secrets in (rotated[0].secrets, stack.wiring.secrets):
            key = derive_key(secrets.gateway_assertion_secret, service)
            minted = AssertionMinter(service, key).mint(CALLER, datetime.now(UTC))
            url = {"auth": stack.wiring.auth_url, "core": stack.wiring.core_url}[service]
            async with (
                aiohttp.ClientSession() as http,
                http.get(f"{url}{LISTS[service]}", headers={HEADER: minted}) as response,
            ):
                found.append(response.status)
        return found

    assert runner.run(statuses()) == [HTTPStatus.UNAUTHORIZED, HTTPStatus.OK]


def test_the_old_keys_open_and_prove_nothing(
    runner: asyncio.Runner, rotated: tuple[Before, Traffic], stack: Stack
) -> None:
    old = rotated[0].secrets

    async def succeeds(command: tuple[str, ...], environment: dict[str, str]) -> bool:
        try:
            await run_command(Program("trial", command, environment), stack.log("trial"))
        except CommandFailed:
            return False
        return True

    async def trials() -> list[bool]:
        auth, core = auth_environment(stack.wiring), core_environment(stack.wiring)
        given = {"AUTH_KEY_ENCRYPTION_KEY": old.auth_key_encryption_key}
        audited = {"AUTH_AUDIT_KEYS": old.auth_audit_key}
        # That nothing needs another key than the new one is proved by the rotation itself.
        return list(
            await asyncio.gather(
                succeeds(auth_command("verify-keys"), auth | given),
                succeeds(auth_command("verify-audit"), auth),
                succeeds(auth_command("verify-audit"), auth | audited),
                succeeds(core_command("verify-audit"), core),
            )
        )

    assert runner.run(trials()) == [False, True, False, True]

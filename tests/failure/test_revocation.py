"""What was revoked is refused through the gateway at once, whatever happens to Redis.

FULL_COUNTS=1 runs 300 trials of each kind of trouble instead of a few; REVOCATION_RESULTS names a
file for the figures.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
import redis

from devstack.settings import DevstackSettings
from devstack.stack import Stack

FULL = os.environ.get("FULL_COUNTS") == "1"
TRIALS = 300 if FULL else 10
KILLS = 30 if FULL else 2
P99_SECONDS = 1.0
PATIENCE_SECONDS = 20.0
# How long a token stays under watch once it was refused.
WATCH_SECONDS = 0.2
# Neither limits nor the price of a password are the subject here.
ENVIRONMENT = {
    **dict.fromkeys(
        (
            *("GATEWAY_QUOTA_USER", "GATEWAY_QUOTA_IP", "GATEWAY_QUOTA_LOGIN"),
            *("GATEWAY_QUOTA_TOKEN", "GATEWAY_QUOTA_WRITE", "AUTH_LIMIT_LOGIN_ACCOUNT"),
            *("AUTH_LIMIT_LOGIN_IP", "AUTH_LIMIT_REFRESH_SESSION"),
            *("AUTH_LIMIT_LOGIN_ACCOUNT_DEGRADED", "AUTH_LIMIT_LOGIN_IP_DEGRADED"),
            "GATEWAY_QUOTA_LOGIN_DEGRADED",
        ),
        "100000/60",
    ),
    "AUTH_HASH_MEMORY_KIB": "64",
    "AUTH_HASH_TIME_COST": "1",
}
PASSWORDS = ("nine yellow kites over the lake", "four silver drums behind the hall")

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3600 if FULL else 300)]


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def stack(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if os.environ.get("STACK") == "compose":
        pytest.skip("these tests kill servers of a stack of their own")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in ENVIRONMENT.items():
            environment.setenv(name, value)
        stack = Stack(DevstackSettings(home=tmp_path_factory.mktemp("home"), port=0))
        try:
            runner.run(stack.start())
            yield stack
        finally:
            runner.run(stack.stop())


@dataclass
class Court:
    """A clerk who is signed in and out, and the administrator, through the gateway."""

    client: httpx.Client
    password: str
    clerks_password: str = ""
    clerks_id: str = ""
    tokens: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clerks_password = self.clerks_password or self.password

    def call(self, method: str, path: str, token: str | None, **options: Any) -> httpx.Response:
        """A call that must succeed, tried again while parts of the stack are away."""
        headers = options.pop("headers", {})
        if token is not None:
            headers = {**headers, "Authorization": f"Bearer {token}"}
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            response = self.client.request(method, path, headers=headers, **options)
            if response.status_code not in {401, 503} or monotonic() > deadline:
                assert response.is_success, (method, path, response.text)
                return response
            sleep(0.05)

    def sign_in(self, account: str, password: str) -> dict[str, Any]:
        credentials = {"email": f"{account}@masijala.example", "password": password}
        answer = self.call("POST", "/api/v1/auth/login", None, json=credentials).json()
        assert isinstance(answer, dict)
        return answer

    def clerk(self) -> dict[str, Any]:
        answer = self.sign_in("clerk", self.clerks_password)
        self.clerks_id = answer["user"]["id"]
        return answer

    @property
    def admin(self) -> str:
        """The administrator's access token; signed in once."""
        if not self.tokens:
            self.tokens = self.sign_in("admin", self.password)
        return str(self.tokens["access_token"])

    def status(self, token: str) -> int:
        """What the gateway says to somebody who reads cases with this token."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.client.get("/api/v1/cases?limit=1", headers=headers).status_code


@pytest.fixture(scope="module")
def court(stack: Stack) -> Iterator[Court]:
    with httpx.Client(base_url=stack.base_url, timeout=15) as client:
        yield Court(client, stack.password)


def log_out(court: Court) -> str:
    victim = court.clerk()
    court.call("POST", "/api/v1/auth/logout", None, json={"refresh_token": victim["refresh_token"]})
    return str(victim["access_token"])


def end_session(court: Court) -> str:
    victim, other = court.clerk(), court.clerk()
    path = f"/api/v1/auth/sessions/{victim['session']['id']}"
    court.call("DELETE", path, other["access_token"])
    return str(victim["access_token"])


def change_password(court: Court) -> str:
    victim, other = court.clerk(), court.clerk()
    wanted = next(each for each in PASSWORDS if each != court.clerks_password)
    body = {"current_password": court.clerks_password, "new_password": wanted}
    court.call("POST", "/api/v1/auth/password/change", other["access_token"], json=body)
    court.clerks_password = wanted
    return str(victim["access_token"])


def _set_active(court: Court, active: bool) -> None:
    path = f"/api/v1/users/{court.clerks_id}"
    etag = court.call("GET", path, court.admin).headers["ETag"]
    body = {"is_active": active}
    court.call("PATCH", path, court.admin, json=body, headers={"If-Match": etag})


def deactivate(court: Court) -> str:
    victim = court.clerk()
    _set_active(court, active=False)
    return str(victim["access_token"])


def take_a_grant(court: Court) -> str:
    path = f"/api/v1/users/{court.clerk()['user']['id']}/grants"
    given = court.call("POST", path, court.admin, json={"role": "viewer", "courts": "*"}).json()
    victim = court.clerk()
    court.call("DELETE", f"{path}/{given['id']}", court.admin)
    return str(victim["access_token"])


REVOCATIONS = (log_out, end_session, change_password, deactivate, take_a_grant)


def seconds_until_refused(court: Court, token: str) -> float:
    """From now until nothing is let through; afterwards the token must not come back to life.

    While Redis does not know everything again, the refusal is a 503; in the end it is a 401.
    """
    started = monotonic()
    while (status := court.status(token)) == 200:
        assert monotonic() - started < PATIENCE_SECONDS
    refused_after = monotonic() - started
    while status != 401:
        assert status == 503
        assert monotonic() - started < PATIENCE_SECONDS
        status = court.status(token)
    watched_until = monotonic() + WATCH_SECONDS
    while monotonic() < watched_until:
        assert court.status(token) == 401
    return refused_after


def trial(court: Court, number: int, trouble: Callable[[], None]) -> float:
    revoke = REVOCATIONS[number % len(REVOCATIONS)]
    token = revoke(court)
    trouble()
    seconds = seconds_until_refused(court, token)
    if revoke is deactivate:
        _set_active(court, active=True)
    return seconds


def report(name: str, seconds: list[float]) -> float:
    """The 99th percentile; kept in a file when one is asked for."""
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    if file := os.environ.get("REVOCATION_RESULTS"):
        path = Path(file)
        known = json.loads(path.read_text()) if path.exists() else {}
        figures = {"trials": len(ordered), "p50_ms": ordered[len(ordered) // 2] * 1000}
        known[name] = figures | {"p99_ms": p99 * 1000, "most_ms": ordered[-1] * 1000}
        path.write_text(json.dumps(known, indent=2) + "\n")
    return p99


def nothing() -> None:
    """No trouble."""


def test_what_was_revoked_is_refused_within_a_second(court: Court) -> None:
    assert report("undisturbed", [trial(court, n, nothing) for n in range(TRIALS)]) <= P99_SECONDS


def test_the_same_when_redis_is_flushed_right_afterwards(court: Court, stack: Stack) -> None:
    with redis.Redis.from_url(stack.wiring.redis_url) as client:

        def flush() -> None:
            client.flushall()

        seconds = [trial(court, number, flush) for number in range(TRIALS)]
    assert report("flushed", seconds) <= P99_SECONDS


def test_the_same_when_redis_was_killed_and_came_back_empty(
    court: Court, stack: Stack, runner: asyncio.Runner
) -> None:
    trials = count()

    async def come_back_empty() -> None:
        valkey = stack.servers.valkey
        assert valkey is not None
        valkey.kill()
        await asyncio.to_thread(shutil.rmtree, valkey.data_dir / "appendonlydir", True)
        # On the thread that lives as long as the stack: a server ends with the one it came from.
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(stack.servers._threads, valkey.start)

    def kill() -> None:
        runner.run(come_back_empty())

    killed = [trial(court, next(trials), kill) for _ in range(KILLS)]
    afterwards = [trial(court, next(trials), nothing) for _ in range(TRIALS)]
    assert report("killed", killed) <= P99_SECONDS
    assert report("after a kill", afterwards) <= P99_SECONDS

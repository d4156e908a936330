"""The gateway refuses revoked tokens at once, whatever happens to Redis.

A thread sends requests with one token continuously. The test measures the time from the return of
the call that revokes it until the last request began that was answered with 200: how long a busy
machine takes to answer is not the subject.

FULL_COUNTS=1 runs 300 trials of each kind of failure instead of a few; REVOCATION_RESULTS names a
file for the figures.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any, Self

import httpx
import pytest
import redis
from bare_stack import bare_stack, demo_credentials
from failure.memory_loss import empty_redis

from devstack.stack import Stack

FULL = os.environ.get("FULL_COUNTS") == "1"
TRIALS = 300 if FULL else 10
P99_SECONDS = 1.0
PATIENCE_SECONDS = 20.0
# How long a token stays under watch once it was refused.
WATCH_SECONDS = 0.2
# Neither limits nor hashing nor short lives are the subject here.
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
    "AUTH_ACCESS_TOKEN_SECONDS": "3600",
}
PASSWORDS = ("nine yellow kites over the lake", "four silver drums behind the hall")

pytestmark = [pytest.mark.e2e, pytest.mark.quiet, pytest.mark.timeout(3600 if FULL else 300)]


@pytest.fixture(scope="module")
def stack(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with bare_stack(runner, tmp_path_factory.mktemp("home"), ENVIRONMENT) as stack:
        yield stack


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
        """A call that must succeed, tried again while parts of the stack are unavailable."""
        headers = options.pop("headers", {})
        if token is not None:
            headers = {**headers, "Authorization": f"Bearer {token}"}
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            response = self.client.request(method, path, headers=headers, **options)
            if response.status_code != 503 or monotonic() > deadline:
                assert response.is_success, (method, path, response.text)
                return response
            sleep(0.05)

    def sign_in(self, account: str, password: str) -> dict[str, Any]:
        credentials = demo_credentials(account, password)
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


def status_of(client: httpx.Client, token: str) -> int:
    """The gateway's answer when cases are read with this token."""
    headers = {"Authorization": f"Bearer {token}"}
    return client.get("/api/v1/cases?limit=1", headers=headers).status_code


def final_status_of(client: httpx.Client, token: str) -> int:
    """The same, once the revocations in Redis are complete: until then a refusal is a 503."""
    deadline = monotonic() + PATIENCE_SECONDS
    while (status := status_of(client, token)) == 503 and monotonic() < deadline:
        sleep(0.05)
    return status


@pytest.fixture(scope="module")
def court(stack: Stack) -> Iterator[Court]:
    with httpx.Client(base_url=stack.base_url, timeout=15) as client:
        yield Court(client, stack.password)


@dataclass(frozen=True, slots=True)
class Doomed:
    """A valid access token, and the call that revokes it."""

    token: str
    end: Callable[[], object]


def log_out(court: Court) -> Doomed:
    victim = court.clerk()
    body = {"refresh_token": victim["refresh_token"]}
    path = "/api/v1/auth/logout"
    return Doomed(victim["access_token"], lambda: court.call("POST", path, None, json=body))


def end_session(court: Court) -> Doomed:
    victim, other = court.clerk(), court.clerk()
    path = f"/api/v1/auth/sessions/{victim['session']['id']}"
    token = other["access_token"]
    return Doomed(victim["access_token"], lambda: court.call("DELETE", path, token))


def change_password(court: Court) -> Doomed:
    victim, other = court.clerk(), court.clerk()
    wanted = next(each for each in PASSWORDS if each != court.clerks_password)
    body = {"current_password": court.clerks_password, "new_password": wanted}

    def end() -> None:
        court.call("POST", "/api/v1/auth/password/change", other["access_token"], json=body)
        court.clerks_password = wanted

    return Doomed(victim["access_token"], end)


def set_active(court: Court, active: bool) -> None:
    path = f"/api/v1/users/{court.clerks_id}"
    etag = court.call("GET", path, court.admin).headers["ETag"]
    body = {"is_active": active}
    court.call("PATCH", path, court.admin, json=body, headers={"If-Match": etag})


def deactivate(court: Court) -> Doomed:
    return Doomed(court.clerk()["access_token"], lambda: set_active(court, active=False))


def take_a_grant(court: Court) -> Doomed:
    path = f"/api/v1/users/{court.clerk()['user']['id']}/grants"
    given = court.call("POST", path, court.admin, json={"role": "viewer", "courts": "*"}).json()
    grant = f"{path}/{given['id']}"
    return Doomed(court.clerk()["access_token"], lambda: court.call("DELETE", grant, court.admin))


REVOCATIONS = (log_out, end_session, change_password, deactivate, take_a_grant)
# What happens to Redis; gives the moment from which on Redis is there again.
Trouble = Callable[[], float]


class Watch:
    """Sends requests with one token repeatedly, in its own thread, and stores every answer."""

    def __init__(self, court: Court, token: str) -> None:
        self._client = httpx.Client(base_url=court.client.base_url, timeout=15)
        self._token = token
        self._stop = Event()
        self._thread = Thread(target=self._ask)
        self.answers: list[tuple[float, int]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._client.close()

    def _ask(self) -> None:
        while not self._stop.is_set():
            began = monotonic()
            self.answers.append((began, status_of(self._client, self._token)))

    def until(self, status: int, since: float) -> None:
        """Wait for such an answer to a request that began after a moment."""
        deadline = monotonic() + PATIENCE_SECONDS
        while not any(at > since and seen == status for at, seen in reversed(self.answers)):
            assert self._thread.is_alive()
            assert monotonic() < deadline, self.answers[-1]
            sleep(0.002)

    def let_in_for(self, since: float) -> float:
        """From a moment until the last request that was let in; nothing after it is a 200.

        While the revocations in Redis are not complete the refusal is a 503, afterwards a 401.
        """
        self.until(401, since)
        sleep(WATCH_SECONDS)
        later = [(at, status) for at, status in self.answers if at > since]
        assert {status for _, status in later} <= {200, 401, 503}
        return max((at for at, status in later if status == 200), default=since) - since


def trial(court: Court, number: int, trouble: Trouble) -> tuple[float, str]:
    """How long one token was accepted after its revocation; Redis fails before or after it."""
    revoke = REVOCATIONS[number % len(REVOCATIONS)]
    doomed, trouble_first = revoke(court), number // len(REVOCATIONS) % 2 == 0
    with Watch(court, doomed.token) as watch:
        watch.until(200, since=0.0)
        back = trouble() if trouble_first else 0.0
        doomed.end()
        ended = monotonic()
        if not trouble_first:
            back = trouble()
        seconds = watch.let_in_for(max(ended, back))
    if revoke is deactivate:
        set_active(court, active=True)
    return seconds, doomed.token


def run_trials(name: str, court: Court, trouble: Trouble) -> float:
    """The 99th percentile; written to a file if one is given."""
    outcomes = [trial(court, number, trouble) for number in range(TRIALS)]
    assert {final_status_of(court.client, token) for _, token in outcomes} == {401}
    ordered = sorted(seconds for seconds, _ in outcomes)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    if file := os.environ.get("REVOCATION_RESULTS"):
        path = Path(file)
        known = json.loads(path.read_text()) if path.exists() else {}
        figures = {"trials": len(ordered), "p50_ms": ordered[len(ordered) // 2] * 1000}
        known[name] = figures | {"p99_ms": p99 * 1000, "most_ms": ordered[-1] * 1000}
        path.write_text(json.dumps(known, indent=2) + "\n")
    return p99


def test_what_was_revoked_is_refused_within_a_second(court: Court) -> None:
    assert run_trials("undisturbed", court, lambda: 0.0) <= P99_SECONDS


def test_the_same_when_redis_is_flushed_right_before_or_afterwards(
    court: Court, stack: Stack
) -> None:
    with redis.Redis.from_url(stack.wiring.redis_url) as client:

        def flush() -> float:
            client.flushall()
            return 0.0

        assert run_trials("flushed", court, flush) <= P99_SECONDS


def test_the_same_when_redis_is_killed_and_comes_back_empty(
    court: Court, stack: Stack, runner: asyncio.Runner
) -> None:
    """Until it is back, a token younger than 60 s may still read, as documented."""

    def kill() -> float:
        runner.run(empty_redis(stack))
        return monotonic()

    assert run_trials("killed", court, kill) <= P99_SECONDS

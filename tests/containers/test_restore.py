"""The drill: backups under load, all data destroyed, and the state of one moment again."""

import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from containers.backups import last_archived, script, sql, until
from containers.stack import compose, docker
from containers.writes import Writes
from e2e.targets import Containers

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

# What survives: the copies, and how far the audit logs were sealed.
SURVIVING: Final = ("_backups", "_secret-backups", "_auth-anchors", "_core-anchors")
WRITES: Final = 12
# Each session as it was after the moment, and how its token is refused: those that the restored
# database has are ended there; of a later one nothing is known but when its token was issued.
REFUSED: Final = {"open": "token-revoked", "ended later": "token-revoked", "lost": "token-stale"}


@dataclass(frozen=True, slots=True)
class Drill:
    """What was before, and what the restore has printed."""

    writes: Writes
    moment: datetime
    sessions: dict[str, dict[str, Any]]
    output: str


def sign_in(target: Containers, trust: ssl.SSLContext) -> dict[str, Any]:
    credentials = {"email": "clerk@masijala.example", "password": target.password}
    url = f"{target.url}/api/v1/auth/login"
    answer = httpx.post(url, json=credentials, verify=trust, timeout=30)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def destroy() -> None:
    """As when the machine is lost: no container, no data, no secret."""
    project = os.environ["COMPOSE_PROJECT_NAME"]
    compose("down")
    every = docker("volume", "ls", "-q", "--filter", f"name={project}_").split()
    docker("volume", "rm", *(each for each in every if not each.endswith(SURVIVING)))


@pytest.fixture
def drill(
    target: Containers,
    trust: ssl.SSLContext,
    clients: list[httpx.Client],
    case: dict[str, str],
    identity: Path,
) -> Drill:
    writes = Writes(case)
    sessions = {name: sign_in(target, trust) for name in ("open", "ended later")}
    with writes.running(clients[:4]):
        until(lambda: len(writes.done) >= WRITES)
        print(script("backup", "full"))  # noqa: T201 - the figure
        answered = len(writes.done)
        until(lambda: len(writes.done) >= answered + WRITES)
        moment = datetime.now(UTC)
        until(lambda: len(writes.begun_after(moment)) >= WRITES)
    body = {"refresh_token": sessions["ended later"]["refresh_token"]}
    left = httpx.post(f"{target.url}/api/v1/auth/logout", json=body, verify=trust, timeout=30)
    assert left.is_success, left.text
    sessions["lost"] = sign_in(target, trust)
    end = float(sql("postgres", "SELECT extract(epoch FROM now()) FROM pg_switch_wal()"))
    until(lambda: last_archived() > end)
    destroy()
    output = script("restore", f"--at={moment.isoformat()}", f"--identity={identity}")
    print(output)  # noqa: T201 - the figures
    return Drill(writes, moment, sessions, output)


def test_everything_answered_before_the_moment_is_there_and_nothing_from_after_it(
    drill: Drill, target: Containers, trust: ssl.SSLContext, case: dict[str, str]
) -> None:
    before = drill.writes.answered_before(drill.moment)
    after = drill.writes.begun_after(drill.moment)
    stored = set(sql("core", "SELECT id FROM cases").split())
    assert len(before) >= 2 * WRITES
    assert before - stored == set()
    assert stored & after == set()

    # Whatever became of a session after the moment, no token from before the restore is good.
    for name, session in drill.sessions.items():
        body = {"refresh_token": session["refresh_token"]}
        url = f"{target.url}/api/v1/auth/refresh"
        refreshed = httpx.post(url, json=body, verify=trust, timeout=30)
        assert (refreshed.status_code, refreshed.json()["code"]) == (401, "refresh-token-invalid")
        bearer = {"Authorization": f"Bearer {session['access_token']}"}
        read = httpx.get(f"{target.url}/api/v1/cases", headers=bearer, verify=trust, timeout=30)
        assert (read.status_code, read.json()["code"]) == (401, REFUSED[name]), name

    bearer = {"Authorization": f"Bearer {sign_in(target, trust)['access_token']}"}
    url = f"{target.url}/api/v1/cases"
    again = httpx.post(url, json=case, headers=bearer, verify=trust, timeout=30)
    assert again.status_code == 201, again.text

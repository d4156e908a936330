"""Every response conforms to the OpenAPI document, whatever is sent.

schemathesis makes requests from the description that the gateway serves: valid ones, broken ones,
and chains in which one answer gives the next request its values. CONTRACT_SECONDS is how long all
of it takes, a minute by default; from five minutes on, every operation's boundaries are tried too.
CONTRACT_SEED varies what is sent, CONTRACT_RESULTS names a file for the figures.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from contract.conftest import SECONDS

from devstack.stack import Stack

SEED = os.environ.get("CONTRACT_SEED", "1")
ENOUGH_FOR_BOUNDARIES = 300
# A quarter is left for the boundaries. An administrator reaches the most code.
SHARES = {"admin": 0.3, "clerk": 0.2, "viewer": 0.1, "anonymous": 0.1, "leaver": 0.05}
ALL_OF_IT = sum(SHARES.values())
BOUNDARIES_SHARE = 1 - ALL_OF_IT
# Operations that a minute must reach: a third of what it does on two cores that others use as well.
MINUTE = 60
MOST_SECONDS = 100
LEAST_TESTED = {"admin": 30, "clerk": 25, "viewer": 10, "anonymous": 5, "leaver": 2}
STAYING = ("admin", "clerk", "viewer")
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
# They send further requests, which the tool cannot do within a chain.
SENDING_CHECKS = ("ignored_auth", "missing_required_header")
# Left out where the caller must stay signed in, and sent by the leaver: an administrator who was
# made to be signed out and deactivated.
ENDING = {
    "POST /api/v1/auth/logout": "ends the session that the run is signed in with",
    "DELETE /api/v1/auth/sessions": "ends every session of the caller",
    "DELETE /api/v1/auth/sessions/{session_id}": "may end the caller's own, which the list names",
    "DELETE /api/v1/users/{user_id}/sessions": "may end those of the run's own account",
    "DELETE /api/v1/users/{user_id}/sessions/{session_id}": "may end that of the run's own account",
    "DELETE /api/v1/users/{user_id}/factors": "ends the sessions of the user",
    "PATCH /api/v1/users/{user_id}": "may deactivate the run's own account",
    "DELETE /api/v1/users/{user_id}/grants/{grant_id}": "may take the roles of the run's accounts",
}
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
STARTING_SECONDS = 180.0

# Quiet: how many operations are reached in a time is a matter of the machine.
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.quiet,
    pytest.mark.timeout(SECONDS + 5 * STARTING_SECONDS),
]

SignIn = Callable[[str], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Run:
    """The options of a schemathesis run."""

    command: Sequence[str]
    checks: Sequence[str]
    headers: Mapping[str, str]
    selection: Sequence[str]
    seconds: float

    def arguments(self, stack: Stack, report: Path) -> list[str]:
        """The command line."""
        return [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)),
            *self.command,
            *(f"{stack.base_url}/openapi.json", "--seed", SEED, "--continue-on-failure"),
            *("--checks", ",".join(self.checks), "--max-time", str(max(1, round(self.seconds)))),
            *("--generation-database", "none", "--suppress-health-check", "all"),
            *("--generation-with-security-parameters", "false", "--max-failures", "30"),
            *("--report-json-path", str(report), "--no-color", "--warnings", "off"),
            *(part for header in self.headers.items() for part in ("-H", ":".join(header))),
            *self.selection,
        ]


@pytest.mark.parametrize("account", SHARES)
def test_every_answer_is_one_that_the_openapi_promises(
    stack: Stack, client: httpx.Client, headers_of: SignIn, tmp_path: Path, account: str
) -> None:
    seconds = SECONDS * SHARES[account]
    if SECONDS < ENOUGH_FOR_BOUNDARIES:
        seconds /= ALL_OF_IT
    headers = headers_of(account)
    run = Run(["fuzz"], CHECKS, headers, selection(account), seconds)
    report = perform(stack, run, tmp_path, f"fuzz as {account}")
    least = LEAST_TESTED[account] * min(1, SECONDS / MINUTE)
    # It generates an example of each operation before the first request: 18 s on a slow machine.
    while report["operations"]["tested"] < least and run.seconds < MOST_SECONDS:
        run = replace(run, seconds=3 * run.seconds)
        report = perform(stack, run, tmp_path, f"fuzz as {account}, with more time")
    assert report["operations"]["tested"] >= least, report
    if account in STAYING:
        still = client.get("/api/v1/auth/me", headers=headers)
        assert still.status_code == HTTPStatus.OK, "name in ENDING what has ended the session"


@pytest.mark.takes(ENOUGH_FOR_BOUNDARIES)
def test_the_boundaries_of_every_operation_are_those_that_the_openapi_promises(
    stack: Stack, headers_of: SignIn, tmp_path: Path
) -> None:
    command = ["run", "--phases", "examples,coverage", "--workers", "2"]
    checks = [*CHECKS, *SENDING_CHECKS]
    seconds = SECONDS * BOUNDARIES_SHARE
    run = Run(command, checks, headers_of("admin"), selection("admin"), seconds)
    report = perform(stack, run, tmp_path, "boundaries as admin")
    assert report["operations"]["tested"] == report["operations"]["selected"]


def test_no_operation_is_left_out_that_does_not_exist(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()["paths"]
    operations = {f"{each.upper()} {path}" for path, item in described.items() for each in item}
    assert ENDING.keys() <= operations


def selection(account: str) -> list[str]:
    """The operations for this caller, as schemathesis takes them."""
    if account == "anonymous":
        return []
    choice = "--include-name" if account == "leaver" else "--exclude-name"
    return [part for name in ENDING for part in (choice, name)]


def perform(stack: Stack, run: Run, folder: Path, name: str) -> dict[str, Any]:
    """Send requests for so long; what was sent. Fails with what schemathesis says."""
    report = folder / "report.json"
    done = subprocess.run(  # noqa: S603 - the test's own tool
        run.arguments(stack, report),
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=run.seconds + STARTING_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for part in ("auth", "core", "worker", "policy", "gateway"):
        log = stack.log(part)
        assert "Traceback" not in log.read_text(), f"{part} has logged a fault: see {log}"
    found: dict[str, Any] = json.loads(report.read_text())
    keep(name, found)
    return found


def keep(name: str, report: Mapping[str, Any]) -> None:
    """Add the figures to the file, when one is asked for."""
    if file := os.environ.get("CONTRACT_RESULTS"):
        path = Path(file)
        known = json.loads(path.read_text()) if path.exists() else {}
        figures = ("running_time", "operations", "test_cases", "stop_reason")
        known[name] = {figure: report[figure] for figure in figures}
        path.write_text(json.dumps(known, indent=2) + "\n")

"""Commands and jobs print and log nothing of a court's data."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from roads import test_pending_work
from roads.conftest import SignIn
from roads.people import PASSWORD
from roads.planting import Planted, marker, settled
from typer.main import get_command

from auth_service.cli import app as auth_app
from core_service.cli import app as core_app
from core_service.returns import tasks
from devstack.cli import app as masijala_app
from devstack.cli import repair
from devstack.cli import returns as masijala_returns
from devstack.environment import auth_environment, core_environment
from devstack.provisioning import auth_command, core_command
from devstack.stack import Stack
from testkit.core.registry import TESTVILLE
from testkit.core.returns import as_csv

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
CORE: Mapping[str, list[str]] = {
    "migrate": [],
    "seed-demo": ["--cases", "0"],
    "rebuild": [],
    "verify-audit": [],
}
AUTH: Mapping[str, list[str]] = {
    "migrate": [],
    "create-admin": ["--email", "one-more@roads.example", "--name", "One More"],
    "reset-factors": ["one-more@roads.example"],
    "issue-code": ["one-more@roads.example"],
    "anonymise": ["one-more@roads.example"],
    "change-email": ["one-more@roads.example", "another@roads.example"],
    "ensure-client": [
        "--client-id",
        "planted-too",
        "--scopes",
        "users:read",
        "--audiences",
        "auth",
    ],
    "set-client-secret": ["--client-id", "planted-too"],
    "seed-demo": ["--clerk-courts", str(TESTVILLE)],
    "import-users": ["--dry-run"],
    "verify-audit": [],
    "export-audit": [],
    "prune-audit": ["--before", "2020-01"],
    "rebuild-redis": [],
    "set-restore-floor": ["--help"],  # it signs everyone out, these tests too
    "rotate-keys": [],
    "verify-keys": [],
}
# Those of the development stack that send nothing as a caller, each with the reason.
NOT_A_ROAD = {
    "up": "starts the stack that these tests run on",
    "doctor": "looks at the machine and at the gateway's health",
    "rotate": "replaces the secrets of the stack itself",
    "wait": "asks the gateway whether it is ready",
}
JOBS = {
    "returns:run": "test_a_grant_that_is_removed_after_the_upload_applies_nothing",
    "returns:release": "test_held_rows_of_a_deactivated_user_are_applied_for_the_one_who_decides",
    # Core's `test_repair.py` and `test_revert.py` have the rules for whose rows these two change.
    "returns:validate": "",
    "returns:revert": "",
    # It deletes files and shows nothing; `test_retention.py` of core has its rules.
    "returns:delete-files": "",
}


def names(app: object) -> set[str]:
    return set(get_command(app).commands)  # type: ignore[arg-type, attr-defined]  # a group of typer's


def test_every_command_and_job_is_walked() -> None:
    jobs = App(connector=InMemoryConnector())
    tasks.register(jobs)

    assert names(core_app) == set(CORE)
    assert names(auth_app) == set(AUTH)
    assert names(masijala_app) == {"import", "report", "returns", *NOT_A_ROAD}
    assert [each.callback for each in masijala_returns.registered_commands] == [repair]
    assert {name for name in jobs.tasks if name.startswith("returns:")} == set(JOBS)
    assert all(hasattr(test_pending_work, test) for test in JOBS.values() if test)


def run(command: tuple[str, ...], environment: Mapping[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own commands
        command, env=dict(environment), capture_output=True, text=True, check=False, timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def as_stranger(stack: Stack, *arguments: str) -> str:
    """What a command of the development stack tells a clerk of another court."""
    command = (sys.executable, "-m", "devstack", *arguments)
    options = ("--url", stack.base_url, "--email", "clerk-elsewhere@roads.example")
    environment = dict(core_environment(stack.wiring)) | {"MASIJALA_PASSWORD": PASSWORD}
    return run((*command, *options), environment)


def betrayed(text: str, planted: list[Planted]) -> list[str]:
    return sorted(each for subject in planted for each in subject.markers if each in text)


@pytest.mark.parametrize("name", CORE)
def test_a_command_of_core_prints_nothing_of_a_case(
    stack: Stack, planted: list[Planted], name: str
) -> None:
    printed = run(core_command(name, *CORE[name]), core_environment(stack.wiring))

    assert betrayed(printed, planted) == []


@pytest.mark.parametrize("name", AUTH)
def test_a_command_of_auth_prints_nothing_of_a_case(
    stack: Stack, planted: list[Planted], tmp_path: Path, name: str
) -> None:
    file = tmp_path / "users.csv"
    file.write_text("email,name,password_hash\n")
    arguments = [*AUTH[name], *([str(file)] if name == "import-users" else [])]
    secrets = {"AUTH_ADMIN_PASSWORD": PASSWORD, "AUTH_CLIENT_SECRET": "s" * 48}
    secrets["AUTH_DEMO_PASSWORD"] = stack.password

    printed = run(auth_command(name, *arguments), auth_environment(stack.wiring) | secrets)

    assert betrayed(printed, planted) == []


def test_sending_another_court_s_file_again_tells_a_stranger_nothing(
    stack: Stack, planted: list[Planted], sign_in: SignIn, tmp_path: Path
) -> None:
    content = as_csv([{"caseid_no": "E7401", "other_details": marker("twice", "details")}])
    planter = sign_in("planter")
    files = {"file": (f"{marker('twice', 'file')}.csv", content, "text/csv")}
    batch = planter.done("POST", "/imports", files=files, data={"mode": "validate"})
    settled(planter, batch["id"])
    (tmp_path / "other.csv").write_bytes(content)

    printed = as_stranger(stack, "import", str(tmp_path / "other.csv"))

    assert "sent before" in printed
    assert batch["id"] not in printed
    assert marker("twice", "file") not in printed
    assert betrayed(printed, planted) == []


def test_repairing_another_court_s_import_tells_a_stranger_nothing(
    stack: Stack, planted: list[Planted], sign_in: SignIn
) -> None:
    row = {"caseid_no": "E7402", "date_dd": "31", "other_details": marker("mend", "details")}
    planter = sign_in("planter")
    files = {"file": (f"{marker('mend', 'file')}.csv", as_csv([row]), "text/csv")}
    batch = planter.done("POST", "/imports", files=files, data={"mode": "validate"})
    settled(planter, batch["id"])

    printed = as_stranger(stack, "returns", "repair", batch["id"])

    assert "import-not-found" in printed
    assert marker("mend", "details") not in printed
    assert marker("mend", "file") not in printed
    assert betrayed(printed, planted) == []


@pytest.mark.parametrize("court", ["TESTVILLE-HC", str(TESTVILLE)])
def test_another_court_s_report_tells_a_stranger_nothing(
    stack: Stack, planted: list[Planted], tmp_path: Path, court: str
) -> None:
    out = tmp_path / "report.xlsx"

    printed = as_stranger(
        stack, "report", "--court", court, "--month", "2026-03", "--out", str(out)
    )

    assert "permission-denied" in printed
    assert not out.exists()
    assert betrayed(printed, planted) == []


@pytest.mark.parametrize("process", ["auth", "core", "worker", "policy", "gateway"])
def test_logs_hold_no_text_that_a_court_has_written(
    stack: Stack, planted: list[Planted], process: str
) -> None:
    texts = [each for subject in planted for each in subject.markers if each.startswith("planted")]

    log = stack.log(process).read_text()

    assert [text for text in texts if text in log] == []

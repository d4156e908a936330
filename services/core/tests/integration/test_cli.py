"""Core's commands, as the local stack and the containers call them."""

import json
import subprocess

import psycopg
import pytest

from core_service.settings import CoreSettings
from testkit.core.processes import process_environment, run_module
from testkit.core.registry import APPEAL, DEMOVILLE, TESTVILLE


@pytest.fixture
def environment(settings: CoreSettings) -> dict[str, str]:
    return process_environment(settings)


def core(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_module(environment, "core_service.cli", *arguments)


def count(environment: dict[str, str], table: str) -> int:
    with psycopg.connect(environment["CORE_DATABASE_URL"]) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - ours
        assert row is not None
        return int(row[0])


def test_the_demo_is_seeded_once_and_needs_no_rebuild(environment: dict[str, str]) -> None:
    first = core(environment, "seed-demo", "--cases", "12")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout) == {
        "courts": {
            "Testville": str(TESTVILLE),
            "Testville Court of Appeal": str(APPEAL),
            "Demoville": str(DEMOVILLE),
        }
    }
    activities = count(environment, "case_activities")

    again = core(environment, "seed-demo", "--cases", "12")
    rebuilt = core(environment, "rebuild")

    assert again.stdout == first.stdout
    assert count(environment, "cases") == 12
    assert count(environment, "case_activities") == activities
    assert (rebuilt.returncode, "12 cases replayed, 0 changed" in rebuilt.stderr) == (0, True)


def test_migrating_needs_only_the_database_urls(
    environment: dict[str, str], database_url: str
) -> None:
    urls = {name: environment[name] for name in ("PATH", "CORE_DATABASE_URL")}
    urls["CORE_MIGRATION_DATABASE_URL"] = database_url

    result = core(urls, "migrate")

    assert result.returncode == 0, result.stderr
    assert "up to date" in result.stderr


def test_a_rebuild_repairs_a_changed_row_and_exits_with_3(environment: dict[str, str]) -> None:
    core(environment, "seed-demo", "--cases", "3")
    with psycopg.connect(environment["CORE_DATABASE_URL"]) as connection:
        connection.execute("UPDATE cases SET activity_count = 99")

    repaired = core(environment, "rebuild")
    again = core(environment, "rebuild")

    assert (repaired.returncode, again.returncode) == (3, 0)


def test_a_missing_variable_is_named_in_one_line(environment: dict[str, str]) -> None:
    del environment["CORE_CURSOR_KEY"]

    result = core(environment, "rebuild")

    assert result.returncode == 2
    assert result.stderr.strip().splitlines() == ["CORE_CURSOR_KEY: Field required"]

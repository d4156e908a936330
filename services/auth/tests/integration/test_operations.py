"""The commands by which operators rotate keys, check and export the audit log, rebuild Redis."""

import json
from collections.abc import Callable

import psycopg
import pytest
import redis
from typer.testing import Result

Run = Callable[..., Result]


@pytest.fixture
def run(run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("AUTH_MIGRATION_DATABASE_URL", database_url)
    return run


def query(database_url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(statement).fetchall()


def test_keys_are_rotated_soon_or_at_once(run: Run, database_url: str) -> None:
    assert "is active" in run("rotate-keys").output  # the first key has nothing to wait for
    assert "is next" in run("rotate-keys").output
    assert "is active" in run("rotate-keys", "--now").output
    states = query(database_url, "SELECT state FROM signing_keys ORDER BY created_at")
    assert states == [("retired",), ("active",)]


def test_a_whole_audit_log_verifies_and_a_changed_one_names_the_row(
    run: Run, database_url: str
) -> None:
    for _ in range(3):
        run("rotate-keys", "--now")
    assert "0 events from position 1, 5 not sealed yet" in run("verify-audit").output
    assert run("prune-audit", "--before", "2020-01").exit_code == 0  # seals what there is
    whole = run("verify-audit")
    assert (whole.exit_code, whole.output[:8]) == (0, "5 events")
    head = whole.output.rsplit("head ", 1)[1].strip()
    assert run("verify-audit", "--expect", head).exit_code == 0
    assert run("verify-audit", "--expect", head[:-1] + "x").exit_code == 2
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit_events DISABLE TRIGGER USER")
        connection.execute("UPDATE audit_events SET action = 'login' WHERE position = 3")
    changed = run("verify-audit")
    assert changed.exit_code == 1
    assert "edited: position 3 (row 3)" in changed.output
    refused = run("prune-audit", "--before", "2020-01")
    assert refused.exit_code == 1
    assert "nothing was removed" in refused.output


def test_an_export_has_every_event_and_is_one_itself(run: Run) -> None:
    run("rotate-keys")
    exported = run("export-audit")
    events = [json.loads(line) for line in exported.stdout.splitlines()]
    assert [event["action"] for event in events] == ["key-create", "audit-export"]
    assert exported.stderr == "2 events\n"
    assert run("export-audit", "--until", "2020-01-01").stdout == ""


@pytest.mark.parametrize("month", ["2020", "2020-13", "2999-01", "x"])
def test_retention_requires_a_month_that_has_begun(run: Run, month: str) -> None:
    assert run("prune-audit", "--before", month).exit_code == 2


def test_redis_is_rebuilt_on_demand(run: Run, clean_redis_url: str) -> None:
    assert run("rebuild-redis").exit_code == 0
    with redis.Redis.from_url(clean_redis_url) as client:
        assert client.exists("rev:generation")


def test_an_unavailable_redis_is_reported_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTH_REDIS_URL", "redis://127.0.0.1:1/0")
    failed = run("rebuild-redis")
    assert failed.exit_code == 1
    assert failed.output.startswith("Redis does not answer")

"""The command line says what the configuration means."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import app

SECRET = "0123456789abcdef0123456789abcdef"
WIDE = {"COLUMNS": "200", "GATEWAY_ASSERTION_SECRET": SECRET}


def test_routes_lists_the_table() -> None:
    result = CliRunner().invoke(app, ["routes"], env=WIDE)
    assert result.exit_code == 0
    assert "/api/v1/auth/login" in result.output


def test_routes_cuts_no_name_off_in_a_narrow_window() -> None:
    result = CliRunner().invoke(app, ["routes"], env=WIDE | {"COLUMNS": "40"})
    assert "/api/v1/service-clients/*" in result.output
    assert "service-clients-write" in result.output
    assert "…" not in result.output


def test_files_that_cannot_be_written_are_one_line(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.touch()
    result = CliRunner().invoke(app, ["render-traefik", str(taken)], env=WIDE)
    assert result.exit_code == 1
    assert result.output == f"cannot write below {taken}: File exists\n"


@pytest.mark.parametrize(
    "options",
    [
        ("--address", "nonsense"),
        ("--header", "no colon"),
        ("--header", ": no name"),
        ("--header", "X: a\nb"),
    ],
)
def test_check_sends_no_request_for_invalid_options(options: tuple[str, str]) -> None:
    result = CliRunner().invoke(app, ["check", "GET", "/api/v1/cases", *options], env=WIDE)
    assert result.exit_code == 2
    assert " is no " in result.output


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [("GET", "/nowhere", "404"), ("POST", "/docs", "405"), ("GET", "/a/%2e%2e/b", "dot segment")],
)
def test_check_explains_what_is_refused_before_any_policy(
    method: str, path: str, expected: str
) -> None:
    result = CliRunner().invoke(app, ["check", method, path], env=WIDE)
    assert result.exit_code == 1
    assert expected in result.output

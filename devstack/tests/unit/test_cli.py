"""The command line's manners: one line for what is wrong, and the exit code."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from devstack.cli import app


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_wrong_setting_is_one_line_on_standard_error() -> None:
    result = CliRunner().invoke(app, ["up"], env={"MASIJALA_PORT": "many"})
    assert result.exit_code == 1
    assert result.stderr.startswith("masijala: MASIJALA_PORT: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_importing_a_missing_file_is_refused() -> None:
    result = CliRunner().invoke(app, ["import", "missing.csv"])
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_the_commands_are_those_of_the_contract() -> None:
    result = CliRunner().invoke(app, ["--help"])
    assert all(name in result.stdout for name in ("up", "import", "doctor", "wait"))

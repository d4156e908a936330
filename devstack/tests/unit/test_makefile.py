"""The second `make run` starts what the first one has set up: nothing is fetched."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

MAKEFILE: Final = Path(__file__).parents[3] / "Makefile"
PROJECTS: Final = ("pyproject.toml", "uv.lock", "gateway/pyproject.toml", "devstack/pyproject.toml")
MADE: Final = (".venv/.synced", ".venv-tools/uv")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One in which `make run` has run before."""
    shutil.copy(MAKEFILE, tmp_path)
    for moment, names in enumerate((PROJECTS, MADE)):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.touch()
            os.utime(path, (moment, moment))
    return tmp_path


def commands_of_run(checkout: Path) -> str:
    """What `make run` would do."""
    alone = {"PATH": os.environ["PATH"]}  # without the options of a make that runs the tests
    return subprocess.check_output(["make", "--dry-run", "run"], cwd=checkout, env=alone, text=True)  # noqa: S607 - a program of every system


def test_a_second_start_runs_the_stack_and_nothing_else(checkout: Path) -> None:
    assert commands_of_run(checkout).strip() == "exec .venv/bin/masijala up"


def test_packages_are_fetched_after_a_change_of_the_lock(checkout: Path) -> None:
    (checkout / "uv.lock").touch()
    assert "uv sync --locked" in commands_of_run(checkout)

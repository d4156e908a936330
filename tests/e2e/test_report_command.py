"""`masijala report` next to a stack finds its gateway, and signs in with its demo password."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from e2e.targets import Processes, Target
from openpyxl import load_workbook  # type: ignore[import-untyped]  # it ships no types

pytestmark = pytest.mark.e2e
GIVEN = ("MASIJALA_PASSWORD", "MASIJALA_DEMO_PASSWORD")


def test_a_court_s_month_is_printed_and_written(
    target: Target, sample_batch: dict[str, Any], tmp_path: Path
) -> None:
    if not isinstance(target, Processes):
        pytest.skip("containers have no home on this machine")
    file = tmp_path / "month.xlsx"
    arguments = ("--court", "TESTVILLE-HC", "--month", "2026-05", "--out", str(file))
    environment = {name: value for name, value in os.environ.items() if name not in GIVEN}
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "devstack", "report", *arguments],
        env=environment | {"MASIJALA_HOME": str(target.stack.home.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sample_batch["counts"]["new"]
    assert done.stdout.startswith("Testville, 2026-05\n")
    assert "clearance" in done.stdout.lower()
    assert load_workbook(file).sheetnames

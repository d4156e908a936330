"""What the workflows name is there, and a release has its notes."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from tools.release_notes import notes

ROOT: Final = Path(__file__).parents[2]
WORKFLOWS: Final = tuple(sorted((ROOT / ".github" / "workflows").glob("*.yml")))
CHANGELOG: Final = "# Changelog\n\n## 0.2.0\n\n- B\n\n## 0.1.0 (2026-01-01)\n\n- A\n"

workflows = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)


def jobs(workflow: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(workflow.read_text())["jobs"]
    return found


@workflows
def test_every_part_of_the_gate_runs_and_no_other(workflow: Path) -> None:
    line = re.search(
        r"^case \$part in all \| (.*?)\)", (ROOT / ".ci/run").read_text(), re.MULTILINE
    )
    assert line is not None
    assert jobs(workflow)["gate"]["strategy"]["matrix"]["part"] == line[1].split(" | ")


@workflows
def test_every_image_that_is_built_has_its_file(workflow: Path) -> None:
    images = jobs(workflow)["images"]["strategy"]["matrix"]["include"]
    assert images
    assert [each for each in images if not (ROOT / each["file"]).exists()] == []


@workflows
def test_a_workflow_may_only_read_unless_a_job_needs_more(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text())["permissions"] == {"contents": "read"}


@workflows
def test_every_job_has_a_time_limit(workflow: Path) -> None:
    assert [name for name, job in jobs(workflow).items() if "timeout-minutes" not in job] == []


def test_a_release_has_the_notes_of_its_version() -> None:
    assert notes("v0.1.0", CHANGELOG, "0.1.0") == "- A\n"


@pytest.mark.parametrize(
    ("tag", "version", "reason"),
    [("v0.1.1", "0.1.0", "the tag is"), ("v0.3.0", "0.3.0", "no section")],
)
def test_a_tag_that_is_not_the_version_or_has_no_notes_is_refused(
    tag: str, version: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        notes(tag, CHANGELOG, version)

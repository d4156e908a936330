"""The console is built after a change of its sources, and only then."""

from pathlib import Path
from typing import ClassVar

import pytest

from devstack.console import ConsoleBuild


class Recording(ConsoleBuild):
    """A build that makes its folders itself."""

    commands: ClassVar[list[str]] = []

    async def run(self, *command: str) -> None:
        self.commands.append(command[-1])
        (self.frontend / "node_modules").mkdir(exist_ok=True)
        (self.frontend / "dist").mkdir(exist_ok=True)


@pytest.fixture
def build(tmp_path: Path) -> Recording:
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.tsx").write_text("1")
    Recording.commands = []
    return Recording(tmp_path / "log", tmp_path)


async def test_a_second_start_does_nothing(build: Recording) -> None:
    await build.bring_up_to_date()
    assert build.commands == ["--no-fund", "build"]
    (build.frontend / "src" / "main.tsx").touch()
    await build.bring_up_to_date()
    assert build.commands == ["--no-fund", "build"]


async def test_a_change_builds_again_without_fetching_packages(build: Recording) -> None:
    await build.bring_up_to_date()
    (build.frontend / "src" / "main.tsx").write_text("2")
    await build.bring_up_to_date()
    assert build.commands == ["--no-fund", "build", "build"]

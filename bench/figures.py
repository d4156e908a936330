"""What benchmarks share: their results in bench/results, and the circumstances of each."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = ROOT / "bench" / "results"
DIRTY: Final = "-dirty"
# What an earlier benchmark of the same run has written does not change what is measured.
MEASURED: Final = (".", ":(exclude)bench/results", ":(exclude)docs/performance.md")


@dataclass(frozen=True, slots=True)
class Run:
    """One run from its start: what is committed or changed meanwhile is not what was measured."""

    date: str
    commit: str
    load_before: float

    @classmethod
    def begin(cls) -> Self:
        """To be called before anything is measured."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(now, commit(*MEASURED), round(os.getloadavg()[0], 2))

    def write(self, name: str, figures: Mapping[str, Any]) -> dict[str, Any]:
        """Keep figures as bench/results/NAME.json, with the circumstances, and print them."""
        circumstances = {
            "date": self.date,
            "commit": self.commit,
            "machine": f"{os.cpu_count()} cores of {_processor()}",
            "python": platform.python_version(),
            "load_before": self.load_before,
            "load": round(os.getloadavg()[0], 2),
        }
        results = circumstances | dict(figures)
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps(results, indent=2)
        (RESULTS / f"{name}.json").write_text(text + "\n")
        print(text)
        return results


def read(name: str) -> dict[str, Any] | None:
    """The results that were kept under this name; None when there are none."""
    file = RESULTS / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else None


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def commit(*paths: str) -> str:
    """The last commit that changed these paths, with `-dirty` where they differ from it."""
    last = _git("log", "-1", "--format=%h", "--", *paths)
    return (
        f"{last}{DIRTY}"
        if _git("status", "--porcelain", "--untracked-files=no", "--", *paths)
        else last
    )


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - fixed commands
    return done.stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.machine())

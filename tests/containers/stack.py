"""The containers of docker-compose.yml, by the services that they belong to."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
UPGRADE: Final = ROOT / "deploy" / "compose" / "upgrade.py"
METRICS: Final = {
    "auth": "http://127.0.0.1:8000/metrics",
    "core": "http://127.0.0.1:8000/metrics",
    "policy": "http://127.0.0.1:9100/metrics",
}
READ: Final = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"


@dataclass(frozen=True, slots=True)
class End:
    """How a container ended."""

    status: int
    seconds: float


def compose(*arguments: str) -> str:
    """Run docker-compose; gives what it prints."""
    return run([*os.environ.get("COMPOSE", "docker-compose").split(), *arguments])


def docker(*arguments: str) -> str:
    return run(["docker", *arguments])


def upgrade(*arguments: str) -> str:
    """As `make upgrade` does when the images are built."""
    return run([sys.executable, str(UPGRADE), *arguments])


def run(command: list[str]) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout.strip()


def containers(service: str = "") -> list[str]:
    """The IDs of a service's containers, or of all."""
    return compose("ps", "-q", *([service] if service else [])).split()


def inspect(container: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(docker("inspect", container))[0]
    return found


def stop(container: str) -> End:
    """Stop one, with more time than it may take."""
    begun = monotonic()
    docker("stop", "--time=60", container)
    return End(inspect(container)["State"]["ExitCode"], monotonic() - begun)


@contextmanager
def paused(service: str) -> Iterator[None]:
    """A server that takes connections and answers nothing."""
    (container,) = containers(service)
    docker("pause", container)
    try:
        yield
    finally:
        docker("unpause", container)


def counted(container: str, service: str, metric: str, *labels: str) -> float:
    """The sum of a metric's series that have these labels, as a replica says."""
    text = docker("exec", container, "python", "-c", READ, METRICS[service])
    lines = [each for each in text.splitlines() if each.startswith(f"{metric}{{")]
    return sum(float(line.split()[-1]) for line in lines if all(label in line for label in labels))

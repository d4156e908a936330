"""What tests of backups do with the stack, as an operator does it."""

import sys
from collections.abc import Callable
from time import monotonic, sleep
from typing import Final

from containers.stack import ROOT, containers, docker, run

ONCE: Final = ("run", "--rm", "-T", "--no-deps")


def until(holds: Callable[[], object]) -> None:
    deadline = monotonic() + 120
    while not holds():
        assert monotonic() < deadline
        sleep(0.2)


def sql(database: str, statement: str) -> str:
    (postgres,) = containers("postgres")
    return docker("exec", postgres, "psql", "-U", "postgres", "-d", database, "-Atc", statement)


def last_archived() -> float:
    """When WAL was put into the repository last."""
    read = "SELECT coalesce(extract(epoch FROM last_archived_time), 0) FROM pg_stat_archiver"
    return float(sql("postgres", read))


def script(name: str, *arguments: str) -> str:
    """A script of deploy/compose, as `make` runs it."""
    return run([sys.executable, str(ROOT / "deploy" / "compose" / f"{name}.py"), *arguments])

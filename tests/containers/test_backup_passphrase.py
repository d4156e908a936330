"""The passphrase of the backups is replaced under load: every moment can be restored all the time.

The one of before opens nothing that was written since.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import pytest
from containers.backups import last_archived, script, sql, until
from containers.load import Load
from containers.stack import compose, containers, docker, run
from containers.writes import Writes

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]

WRITES: Final = 12
ROTATE: Final = (str(Path(sys.executable).with_name("masijala")), "rotate", "--compose")
TIMELINE: Final = "SELECT timeline_id FROM pg_control_checkpoint()"
INFO: Final = "archive/masijala/archive.info"
# Reads a file of the present repository, under the passphrase of the environment.
OPEN: Final = f"backups --repo=1 repo-get {INFO} > /dev/null 2>&1 && echo opened || echo refused"


@dataclass(frozen=True, slots=True)
class Rotation:
    """Passphrases and moments before and after it, the timeline of both moments, and what clients
    wrote and were answered.
    """

    passphrases: tuple[str, str]
    timeline: str
    moments: tuple[datetime, datetime]
    writes: Writes
    load: Load


def passphrase() -> str:
    (postgres,) = containers("postgres")
    return docker("exec", postgres, "cat", "/run/secrets/backup_passphrase")


def opens(tried: str) -> bool:
    (postgres,) = containers("postgres")
    variable = f"PGBACKREST_REPO1_CIPHER_PASS={tried}"
    return docker("exec", "-e", variable, postgres, "sh", "-c", OPEN) == "opened"


@pytest.fixture
def rotation(clients: list[httpx.Client], case: dict[str, str], identity: Path) -> Rotation:
    assert identity.exists()
    writes, load = Writes(case), Load(case)
    script("backup", "full")
    before, timeline = passphrase(), sql("postgres", TIMELINE)
    failed = sql("postgres", "SELECT failed_count FROM pg_stat_archiver")
    with writes.running(clients[:2]), load.running(clients[2:]):
        first = moment_amid(writes)
        print(run([*ROTATE, "backup_passphrase"]))  # noqa: T201 - the steps
        second = moment_amid(writes)
    end = float(sql("postgres", "SELECT extract(epoch FROM now()) FROM pg_switch_wal()"))
    until(lambda: last_archived() > end)
    assert sql("postgres", "SELECT failed_count FROM pg_stat_archiver") == failed
    return Rotation((before, passphrase()), timeline, (first, second), writes, load)


def moment_amid(writes: Writes) -> datetime:
    """A moment with some writes before it, and some after it."""
    done = len(writes.done)
    until(lambda: len(writes.done) >= done + WRITES)
    moment = datetime.now(UTC)
    until(lambda: len(writes.begun_after(moment)) >= WRITES)
    return moment


def test_a_rotated_passphrase_of_backups_costs_no_request_and_no_moment(
    rotation: Rotation,
) -> None:
    old, new = rotation.passphrases
    assert old != new
    assert (opens(new), opens(old)) == (True, False)

    first, second = rotation.moments
    restored = script("restore", f"--at={second.isoformat()}")
    assert f"TIMELINE={rotation.timeline} " in restored, "how to undo it"
    assert_state(rotation.writes, second)
    # Before the rotation, from the repository of the former passphrase, which is still there.
    script("restore", f"--at={first.isoformat()}", f"--timeline={rotation.timeline}")
    assert_state(rotation.writes, first)

    # It goes when the backups that are to stay are all in the new one.
    script("backup", "full")
    assert (opens(new), opens(old)) == (True, False)
    expire = ("exec", "-T", "-e", "BACKUP_RETENTION_FULL=1", "postgres", "repositories", "expire")
    assert compose(*expire).startswith("removed the repository of a former passphrase")
    assert compose("exec", "-T", "postgres", "repositories", "prove") == ""
    script("backup", "incr")
    assert rotation.load.failures == {}


def assert_state(writes: Writes, moment: datetime) -> None:
    stored = set(sql("core", "SELECT id FROM cases").split())
    assert writes.answered_before(moment) - stored == set()
    assert stored & writes.begun_after(moment) == set()

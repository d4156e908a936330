"""Which account runs Postgres: it refuses root, so root's is run under another one."""

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devstack.servers.errors import AccountUnsuitable
from devstack.servers.process import Account, launch_command

# Present on every Linux distribution or macOS; the first that works is taken.
UNPRIVILEGED: Final = ("nobody", "daemon", "bin")
# From linux/capability.h. Passing through directories that the account may not enter, such as
# /root, takes the first; where a container withholds it, the second includes it.
CAP_DAC_READ_SEARCH: Final = 2
CAP_DAC_OVERRIDE: Final = 1
PROBE_SECONDS: Final = 10


def _accounts(pgdata: Path) -> Iterator[tuple[int, int]]:
    if pgdata.exists() and pgdata.stat().st_uid != 0:
        owner = pgdata.stat()
        yield owner.st_uid, owner.st_gid
        return
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        yield entry.pw_uid, entry.pw_gid


def _works(account: Account, postgres: Path, directory: Path) -> bool:
    command = launch_command(
        [str(postgres), "--version"], directory, signal.SIGKILL, account=account
    )
    try:
        probe = subprocess.run(  # noqa: S603 - our own program
            command, check=False, capture_output=True, timeout=PROBE_SECONDS, env={}
        )
    except subprocess.TimeoutExpired:
        return False
    return probe.returncode == 0


def server_account(postgres: Path, directory: Path, pgdata: Path) -> Account | None:
    """None for an ordinary user; for root, an account that can run the binary in the directory.

    Existing data keeps its owner. Capabilities are tried only when the plain account cannot reach
    the files, so that no permission outside the directory has to be changed.
    """
    if os.geteuid() != 0:
        return None
    for uid, gid in _accounts(pgdata):
        for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
            account = Account(uid, gid, capability)
            if _works(account, postgres, directory):
                return account
    raise AccountUnsuitable(
        f"Postgres refuses to run as root, and no other account can reach {directory}: "
        "run this as an ordinary user, or move the project to a directory open to all, such as /srv"
    )

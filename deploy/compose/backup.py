"""Takes a backup of the databases, and one of the secrets, each into its own folder.

`make backup` runs it while the stack serves; it needs Python and docker-compose alone. The
databases go into the repository of pgBackRest, the secrets into an archive that only the holder of
the key behind BACKUP_RECIPIENT can decrypt: `make backup-key` makes one.
"""

import argparse
import json
import subprocess
import sys
from time import monotonic

from upgrade import COMMAND, compose, say

ONCE = ("run", "--rm", "-T", "--no-deps")
INSIDE = ("exec", "-T", "postgres")
KINDS = ("incr", "diff", "full")
# As `repositories` numbers them.
PRESENT, NEXT = "1", "2"
RECORD = "INSERT INTO backups (ended_at, kind) VALUES (to_timestamp({stop}), '{kind}')"


def main() -> None:
    """Back up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", nargs="?", default="incr", choices=KINDS)
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument("--secrets-only", action="store_true", help="after a rotation")
    parts.add_argument(
        "--next", action="store_true", help="the databases, for the passphrase that is to come"
    )
    given = parser.parse_args()
    begun = monotonic()
    if not given.next:
        say(f"secrets: {back_up_secrets()}")
    if not given.secrets_only:
        say(back_up_databases(given.kind, NEXT if given.next else PRESENT))
    say(f"done in {monotonic() - begun:.0f} s")


def back_up_secrets() -> str:
    """The archive's name. What is in it is written nowhere in plain text."""
    taken = [*COMMAND, *ONCE, "setup", "tar", "-C", "/secrets", "-c", "."]
    stored = [*COMMAND, *ONCE, "postgres", "secret-backups", "store"]
    with subprocess.Popen(taken, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tar:  # noqa: S603 - our own commands
        done = subprocess.run(stored, stdin=tar.stdout, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
        _, errors = tar.communicate()
    if done.returncode or tar.returncode:
        sys.exit(f"the secrets are not backed up: {errors.decode()[-500:]}{done.stderr[-500:]}")
    return done.stdout.strip()


def back_up_databases(kind: str, repository: str) -> str:
    """What the repository has then. Without an earlier full backup it is a full one.

    A repository of a former passphrase goes when all backups that are to stay are in this one.
    """
    of = f"--repo={repository}"
    compose(*INSIDE, "backups", of, "--type", kind, "backup")
    (stanza,) = json.loads(compose(*INSIDE, "backups", of, "--output=json", "info"))
    newest = stanza["backup"][-1]
    record(newest["type"], newest["timestamp"]["stop"])
    if repository == PRESENT and (removed := compose(*INSIDE, "repositories", "expire")):
        say(removed)
    return compose(*INSIDE, "backups", "info")


def record(kind: str, stop: int) -> None:
    """For the alert of a backup that is too old."""
    sql = ("psql", "-U", "postgres", "-d", "auth", "-c", RECORD.format(kind=kind, stop=stop))
    try:
        compose(*INSIDE, *sql)
    except SystemExit as error:
        say(f"the metrics do not tell of this backup until `make upgrade`: {error}")


if __name__ == "__main__":
    main()

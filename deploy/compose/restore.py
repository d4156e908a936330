"""Brings both databases to their state at a moment, and ends every session from before.

`make restore AT=2026-12-31T09:30:00Z` runs it; it needs Python and docker-compose alone. The stack
is stopped meanwhile. The last WAL is archived first, so that a restore can itself be undone. With
IDENTITY, the file of the key behind BACKUP_RECIPIENT, the secrets are restored as well: on
another machine, or when one was replaced after the moment.
"""

import argparse
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from backup import ONCE
from upgrade import COMMAND, compose, containers, docker, inspect, say, wait_until_healthy

SERVED = ("auth", "core", "worker", "policy", "traefik-config", "traefik")
RECOVERING = "SELECT pg_is_in_recovery()"
TIMELINE = "SELECT timeline_id FROM pg_control_checkpoint()"
FLUSH = 'REDISCLI_AUTH="$(cat /run/secrets/redis_password)" valkey-cli FLUSHALL'
RESTORE = 'rm -f "$PGDATA/postmaster.pid"; exec backups "$@"'
# What `core rebuild` ends with when it has changed something.
CHANGED = 3


def main() -> None:
    """Restore."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at", type=moment, help="by default the end of the archived WAL")
    parser.add_argument("--identity", type=Path, help="the file of the key of the secrets")
    parser.add_argument("--timeline", help="to undo a restore: the one from before it")
    given = parser.parse_args()
    begun = monotonic()
    undone = "".join(ask(each, TIMELINE) for each in containers("postgres"))
    step("stopping the stack")
    compose("stop")
    if given.identity:
        restore_secrets(given.identity.read_bytes(), given.at)
    compose(*ONCE, "setup")
    restore_databases(given.at, given.timeline)
    start_data_servers()
    for service in ("databases", "core-migrate", "auth-migrate"):
        step(service)
        compose(*ONCE, service)
    refuse_what_is_older()
    prove()
    step("starting the stack")
    compose("up", "-d", "--no-deps", *SERVED)
    for container in containers("traefik"):
        wait_until_healthy(container, [])
    if undone:
        say(f"to undo this: make restore TIMELINE={undone} AT=…, a moment before it")
    say(f"restored in {monotonic() - begun:.0f} s. Take a backup now: make backup TYPE=full")


def moment(text: str) -> datetime:
    """A moment with its offset from UTC."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise argparse.ArgumentTypeError("write the offset as well, such as 2026-12-31T09:30:00Z")
    return read.astimezone(UTC)


def restore_secrets(identity: bytes, at: datetime | None) -> None:
    """Those of the newest archive from before the moment, which fit the databases of then."""
    latest = f"{at or datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    name = compose(*ONCE, "postgres", "secret-backups", "at", latest)
    if not name:
        sys.exit(f"there is no backup of the secrets from before {latest}")
    step(f"secrets of {name}")
    opened = piped(identity, "postgres", "secret-backups", "open", name)
    # The folder that the volumes are in is read-only.
    piped(opened, "setup", "tar", "-C", "/secrets", "-x", "--wildcards", "./*")


def piped(given: bytes, *command: str) -> bytes:
    """What a command in a container makes of its input."""
    whole = [*COMMAND, *ONCE, *command]
    done = subprocess.run(whole, input=given, capture_output=True, check=False)  # noqa: S603 - our own commands
    if done.returncode:
        sys.exit(done.stderr.decode()[-500:])
    return done.stdout


def restore_databases(at: datetime | None, timeline: str | None) -> None:
    """From the backup before the moment; files that are right already stay."""
    options = ["--delta"]
    if at:
        target = f"--target={at:%Y-%m-%d %H:%M:%S.%f}+00"
        options += ["--type=time", target, "--target-action=promote"]
    if timeline:
        options.append(f"--target-timeline={timeline}")
    step(f"databases of {at or 'the end of the WAL'}")
    compose(*ONCE, "postgres", "sh", "-c", RESTORE, "restore", *options, "restore")


def start_data_servers() -> None:
    """Postgres, which reads the WAL until the moment; and Valkey, which forgets everything."""
    step("WAL")
    compose("up", "-d", "--no-deps", "postgres", "redis")
    (postgres,), (redis,) = containers("postgres"), containers("redis")
    while not has_recovered(postgres):
        time.sleep(0.5)
    wait_until_healthy(redis, [])
    docker("exec", redis, "sh", "-c", FLUSH)


def has_recovered(postgres: str) -> bool:
    """Whether it takes writes; when it has ended, its log says why."""
    if inspect(postgres)["RestartCount"]:
        docker("stop", postgres)
        sys.exit(docker("logs", "--tail=40", postgres))
    return ask(postgres, RECOVERING) == "f"


def ask(postgres: str, question: str) -> str:
    """Its answer; empty while it gives none."""
    done = subprocess.run(  # noqa: S603 - our own command
        ["docker", "exec", postgres, "psql", "-U", "postgres", "-Atc", question],  # noqa: S607 - from the operator's PATH
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def refuse_what_is_older() -> None:
    """Sessions that were ended after the moment are active in the database: end all of them."""
    step("restore floor")
    say(compose(*ONCE, "auth", "auth", "set-restore-floor").splitlines()[-1])


def prove() -> None:
    """Nothing is wrong but that the end of the audit logs, after the moment, was cut off."""
    for service in ("auth", "core"):
        step(f"{service} verify-audit")
        status, output = attempt(service, service, "verify-audit")
        say(output)
        if status:
            set_anchors_aside(service)
            status, output = attempt(service, service, "verify-audit")
        if status:
            sys.exit(f"{output}\nthe audit log of {service} is not whole: the stack stays stopped")
    step("core rebuild")
    status, output = attempt("core", "core", "rebuild")
    say(output)
    if status not in {0, CHANGED}:
        sys.exit("the derived rows cannot be rebuilt: the stack stays stopped")


def set_anchors_aside(service: str) -> None:
    """They anchor what the restore has undone, and stay as its evidence."""
    aside = f"{service}-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.jsonl"
    file = f"/anchors/{service}/{service}.jsonl"
    compose(*ONCE, "setup", "mv", file, f"/anchors/{service}/{aside}")
    say(f"the anchors after the moment are now in {aside}")


def attempt(service: str, *command: str) -> tuple[int, str]:
    """The exit status of a command of a service, and its result without its log."""
    whole = [*COMMAND, *ONCE, service, *command]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)  # noqa: S603 - our own commands
    lines = [line for line in done.stdout.splitlines() if not line.startswith("{")]
    return done.returncode, "\n".join(lines) or done.stderr[-1000:]


def step(text: str) -> None:
    say(f"{datetime.now(UTC):%H:%M:%S} {text} …")


if __name__ == "__main__":
    main()

"""The folder that holds everything of one local stack, and the lock on it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devstack.errors import HomeBusy, StackError
from devstack.servers.secret_files import write_secret


@dataclass(frozen=True, slots=True)
class Home:
    """The names of the files below MASIJALA_HOME; all paths are absolute."""

    path: Path

    @property
    def logs(self) -> Path:
        """One file of JSON lines per process."""
        return self.path / "logs"

    @property
    def postgres(self) -> Path:
        """The embedded Postgres's files."""
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        """The embedded Valkey's files."""
        return self.path / "valkey"

    @property
    def secrets(self) -> Path:
        """The generated keys and passwords of this stack."""
        return self.path / "secrets.json"

    @property
    def jwks(self) -> Path:
        """Where the gateway keeps auth's public keys for when auth is unavailable."""
        return self.path / "jwks.json"

    @property
    def traefik(self) -> Path:
        """Traefik's configuration and the policy service's certificate, made at each start."""
        return self.path / "traefik"

    @property
    def mail(self) -> Path:
        """Where auth writes the mail that it would send."""
        return self.path / "mail"

    @property
    def anchors(self) -> Path:
        """Where auth and core note how far their audit logs are sealed."""
        return self.path / "anchors"

    @property
    def provisioned(self) -> Path:
        """What has been put into which databases."""
        return self.path / "provisioned.json"

    @property
    def running(self) -> Path:
        """Where the running stack listens; absent when none runs."""
        return self.path / "running.json"

    @property
    def rotation(self) -> Path:
        """Which secrets `masijala rotate` has asked the running stack to replace."""
        return self.path / "rotation.json"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.logs / f"{name}.log"

    def create(self) -> None:
        """Make the folders."""
        try:
            # As root, the account that runs Postgres passes through, and lists nothing.
            self.path.mkdir(parents=True, exist_ok=True, mode=0o711)
            self.logs.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise StackError(
                f"cannot write to {self.path} ({error.strerror}): "
                "set MASIJALA_HOME to a folder of yours"
            ) from None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep a second stack from the same files; the kernel frees the lock if we are killed."""
        with (self.path / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise HomeBusy(
                    f"a stack already runs from {self.path} (process {file.read().strip()}): "
                    "stop it first, or set MASIJALA_HOME and MASIJALA_PORT to others"
                ) from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file; empty when there is no file. Raises StackError when damaged."""
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text())
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise StackError(f"{path} is damaged: restore it from a backup, or remove it")
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Put the object into the file in one step, readable by its owner alone."""
    write_secret(path, json.dumps(content, indent=1))

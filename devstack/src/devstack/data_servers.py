"""The database servers of a stack: embedded ones, or those that the settings name."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import psycopg

from common.database_creation import (
    add_service_role,
    create_login,
    create_missing_database,
    create_owned_database,
)
from common.redis_passwords import set_passwords
from common.secret_values import SecretValue, Stage
from devstack.errors import ChildDied, StackError
from devstack.home import Home
from devstack.secrets import StackSecrets
from devstack.servers.postgres import SUPERUSER, EmbeddedPostgres
from devstack.servers.secret_files import write_secret
from devstack.servers.valkey import EmbeddedValkey
from devstack.settings import DevstackSettings

WATCH_SECONDS: Final = 0.25

NAMES: Final = {EmbeddedPostgres: "Postgres", EmbeddedValkey: "Valkey"}


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """One database by its two roles: the service's own, and the owner, who migrates."""

    service: str = field(repr=False)
    owner: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the services find their data; the URLs hold passwords."""

    auth: DatabaseUrls
    core: DatabaseUrls
    redis: str = field(repr=False)


@dataclass(slots=True)
class Servers:
    """Starts what is embedded, makes the databases, and stops in the reverse order."""

    settings: DevstackSettings
    home: Home
    secrets: StackSecrets
    postgres: EmbeddedPostgres | None = None
    valkey: EmbeddedValkey | None = None
    # A server dies with the thread that started it (see ServerProcess), and its start blocks: so
    # each has its own thread that lives until `stop`.
    _own: dict[str, SecretValue] = field(default_factory=dict)
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "server"))

    async def start(self) -> Addresses:
        """Start both side by side; return where the data is. Raises ServerError, StackError."""
        if self.settings.database_url is None:
            self.postgres = EmbeddedPostgres(self.home.postgres)
        if self.settings.redis_url is None:
            self.valkey = EmbeddedValkey(self.home.valkey)
        loop = asyncio.get_running_loop()
        embedded = self._embedded()
        await asyncio.gather(
            *(loop.run_in_executor(self._threads, server.start) for server in embedded)
        )
        return await asyncio.to_thread(self._addresses)

    async def change_password(self, name: str, stage: Stage) -> SecretValue:
        """Take a step of replacing the superuser's or Valkey's own password, where embedded."""
        server = self.postgres if name == "postgres_password" else self.valkey
        if server is None:
            return SecretValue("")  # another's, who changes it
        value = self._own.get(name, SecretValue(server.password)).at(stage, name)
        self._own[name] = value
        if server is self.valkey:
            accepted = [each for each in (value.current, value.spare) if each]
            await set_passwords(server.url, accepted)
        elif server.password != value.current:
            await asyncio.to_thread(create_login, server.url, SUPERUSER, value.current)
        server.password = write_secret(server.data_dir / "password", value.current)
        return value

    async def use(self, secrets: StackSecrets) -> Addresses:
        """Set the roles' passwords to these; return where the data is."""
        self.secrets = secrets
        return await asyncio.to_thread(self._addresses)

    async def failure(self) -> ChildDied:
        """Wait until an embedded server dies by itself; what to tell the user."""
        embedded = self._embedded()
        while all(each.running for each in embedded):  # noqa: ASYNC110 - processes, no events
            await asyncio.sleep(WATCH_SECONDS)
        dead = next(server for server in embedded if not server.running)
        return ChildDied(f"{NAMES[type(dead)]} died: see {dead.log}")

    async def stop(self) -> None:
        """Stop the cache, then the database; idempotent, and right in the middle of a start."""
        await self._stop_embedded()
        await asyncio.to_thread(self._threads.shutdown)
        # A start that was under way may have had its process only after the first round.
        await self._stop_embedded()

    async def _stop_embedded(self) -> None:
        for server in reversed(self._embedded()):
            await asyncio.to_thread(server.stop)

    def _embedded(self) -> list[EmbeddedPostgres | EmbeddedValkey]:
        return [server for server in (self.postgres, self.valkey) if server is not None]

    def _addresses(self) -> Addresses:
        auth, core = self._databases()
        if self.settings.redis_url is not None:
            return Addresses(auth, core, self.settings.redis_url.get_secret_value())
        if self.valkey is None:
            raise StackError("Valkey is not started")
        return Addresses(auth, core, self.valkey.url)

    def _databases(self) -> tuple[DatabaseUrls, DatabaseUrls]:
        """As in production: no service can read another's tables, and none owns its own."""
        secrets = self.secrets
        if self.postgres is not None:
            url = self.postgres.url
            auth = create_owned_database(url, "auth", secrets.auth_database_password)
            core = create_owned_database(url, "core", secrets.core_database_password)
            return self._with_roles(url, auth, core)
        given = self.settings.database_url
        if given is None:
            raise StackError("Postgres is not started")
        url = given.get_secret_value()
        try:
            # What is given owns both.
            auth, core = create_missing_database(url, "auth"), create_missing_database(url, "core")
            return self._with_roles(url, auth, core)
        except psycopg.errors.InsufficientPrivilege:
            raise StackError(
                "MASIJALA_DATABASE_URL: its role has to be allowed to create databases and roles"
            ) from None
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise StackError(f"MASIJALA_DATABASE_URL: {reason}") from None

    def _with_roles(self, url: str, auth: str, core: str) -> tuple[DatabaseUrls, DatabaseUrls]:
        auth_password = self.secrets.auth_service_database_password
        core_password = self.secrets.core_service_database_password
        return (
            DatabaseUrls(add_service_role(url, "auth", auth_password), auth),
            DatabaseUrls(add_service_role(url, "core", core_password), core),
        )

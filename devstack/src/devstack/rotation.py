"""`masijala rotate`: replaces secrets while the stack serves.

In three steps, after each of which the services that use a secret are replaced one after the other:
they accept the new value as well, they use it and accept the old one, they accept the new one
alone. An interrupted rotation goes on from where it was when it is started again.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, Protocol

from common import secret_values
from common.secret_values import SecretValue, Stage
from devstack.errors import CommandFailed, StackError

SIGNING_KEYS: Final = "signing_keys"
CLIENT_SECRET: Final = "core_client_secret"  # noqa: S105 - its name
ENCRYPTION_KEY: Final = "auth_key_encryption_key"
BACKUPS: Final = secret_values.BACKUPS
# Auth encrypts its keys again within half a minute.
ENCRYPTED_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 1.0
# In which the processes of core are given the new secret.
OVERLAP_SECONDS: Final = 3600
Values = Mapping[str, SecretValue]
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rotated:
    """Which services are given a secret again after each step."""

    introduce: tuple[str, ...] = ()
    swap: tuple[str, ...] = ()
    retire: tuple[str, ...] = ()

    def at(self, stage: Stage) -> tuple[str, ...]:
        """The services to replace after this step."""
        return {
            Stage.INTRODUCE: self.introduce,
            Stage.SWAP: self.swap,
            Stage.RETIRE: self.retire,
        }[stage]


def _always(*services: str) -> Rotated:
    return Rotated(services, services, services)


AUTH: Final = ("auth",)
CORE: Final = ("core", "worker")
# The order in which services are replaced; the policy, which signs assertions, comes last.
ORDER: Final = ("auth", "core", "worker", "policy")
TABLE: Final[Mapping[str, Rotated]] = {
    ENCRYPTION_KEY: _always(*AUTH),
    "auth_audit_key": Rotated(swap=AUTH),
    "auth_password_peppers": Rotated(introduce=AUTH, swap=AUTH),
    "auth_refresh_derivation_key": Rotated(swap=AUTH),
    "auth_cursor_key": _always(*AUTH),
    "core_cursor_key": _always("core"),
    "core_audit_key": Rotated(swap=CORE),
    CLIENT_SECRET: Rotated(swap=CORE),
    "gateway_assertion_secret": Rotated(
        introduce=("auth", "core"), swap=("policy",), retire=("auth", "core")
    ),
    "auth_service_database_password": _always(*AUTH),
    "core_service_database_password": _always(*CORE),
    "auth_database_password": Rotated(),  # the owners', whom migrations alone connect as
    "core_database_password": Rotated(),
    "postgres_password": Rotated(),
    "redis_password": Rotated(swap=("auth", "policy")),
    BACKUPS: Rotated(),  # Postgres reads it again by itself
}
NAMES: Final = (*TABLE, SIGNING_KEYS)


class RotationUnfinished(StackError):
    """The new value does not work, or the old one still does."""


class Site(Protocol):
    """A running stack: processes of this machine, or containers; `lacks` are secrets of others."""

    lacks: frozenset[str]

    async def change(self, stage: Stage, names: Sequence[str]) -> Values:
        """Take this step for the secrets, where they are stored and in the data servers."""

    async def replace(self, services: Sequence[str]) -> None:
        """Give the services what is stored now, without a failed request."""

    async def auth(self, *command: str, **secrets: str) -> str:
        """Run a command of auth; what it prints."""

    async def back_up(self) -> None:
        """Put a whole backup into the repository that the next passphrase has begun."""

    async def prove(self, values: Values) -> Sequence[str]:
        """What is wrong, a line each: new values that are refused, old ones that work."""


@dataclass(slots=True)
class Rotation:
    """Replaces secrets of one stack."""

    site: Site
    report: Report
    _replaced: dict[str, SecretValue] = field(default_factory=dict)

    async def run(self, names: Iterable[str]) -> None:
        """Replace these. Raises RotationUnfinished, StackError."""
        wanted = selected(names, self.site.lacks)
        stored = [name for name in TABLE if name in wanted]
        if SIGNING_KEYS in wanted:
            self.report((await self.site.auth("rotate-keys")).strip().splitlines()[-1])
        for stage in Stage:
            if stored:
                await self._take(stage, stored)
        faults = await self.site.prove(self._replaced)
        if faults:
            raise RotationUnfinished("; ".join(faults))
        if stored:
            self.report("every new value works, and every old one is refused")

    async def _take(self, stage: Stage, names: Sequence[str]) -> None:
        if stage is Stage.RETIRE and ENCRYPTION_KEY in names:
            await self._until_encrypted_again()
        if stage is Stage.SWAP and BACKUPS in names:
            # From its end on the new repository alone is enough for any moment.
            self.report("a full backup into the new repository")
            await self.site.back_up()
        values = await self.site.change(stage, names)
        if stage is Stage.SWAP:
            self._replaced.update(values)
        if CLIENT_SECRET in names and stage is not Stage.INTRODUCE:
            await self._client(values[CLIENT_SECRET].current, stage)
        used = {service for name in names for service in TABLE[name].at(stage)}
        services = [service for service in ORDER if service in used]
        self.report(f"{stage}: {', '.join(services) or 'no service'}")
        await self.site.replace(services)

    async def _until_encrypted_again(self) -> None:
        deadline = monotonic() + ENCRYPTED_SECONDS
        while True:
            try:
                await self.site.auth("verify-keys")
            except CommandFailed:
                if monotonic() > deadline:
                    raise
                await asyncio.sleep(LOOK_SECONDS)
            else:
                return

    async def _client(self, secret: str, stage: Stage) -> None:
        overlap = str(OVERLAP_SECONDS if stage is Stage.SWAP else 0)
        options = ("--client-id", "core", "--overlap-seconds", overlap)
        await self.site.auth("set-client-secret", *options, AUTH_CLIENT_SECRET=secret)


def selected(names: Iterable[str], lacks: frozenset[str] = frozenset()) -> frozenset[str]:
    """The secrets that are named, or all that the stack has. Raises StackError."""
    given, known = frozenset(names), frozenset(NAMES) - lacks
    if given - {*known, "all"} or not given:
        raise StackError(f"name a secret: all, or one of {', '.join(sorted(known))}")
    return known if "all" in given else given

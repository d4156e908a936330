"""A secret that is being replaced: first both values are accepted, then the new one is used."""

import secrets
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

# A pepper is named by its ID in the hashes that it is part of.
PEPPERS: Final = "auth_password_peppers"
# A repository of backups is named by the ID of its passphrase.
BACKUPS: Final = "backup_passphrase"
_NAMED: Final = {PEPPERS: "p", BACKUPS: "r"}
# What they were used for stays: the old ones go on verifying it, and nothing new is made with them.
ACCUMULATING: Final = frozenset({PEPPERS, BACKUPS, "auth_audit_key", "core_audit_key"})


class Stage(StrEnum):
    """The steps of a rotation, in their order; after each the processes are given the result."""

    INTRODUCE = "introduce"
    SWAP = "swap"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class SecretValue:
    """The value in use, the one that will be, and the one that was, while it is still accepted."""

    current: str = field(repr=False)
    following: str | None = field(default=None, repr=False)
    previous: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, stored: Any) -> Self:
        """From what `write` has made, or the value alone."""
        return cls(stored) if isinstance(stored, str) else cls(**stored)

    def write(self) -> Any:
        """The value alone unless it is being replaced."""
        return asdict(self) if self.spare else self.current

    @property
    def spare(self) -> str | None:
        """What is accepted as well."""
        return self.following or self.previous

    @property
    def accepted(self) -> str:
        """As a setting that is a list: the current one first."""
        return ",".join(filter(None, (self.current, self.following, self.previous)))

    @property
    def written(self) -> str:
        """As the repositories that backups are written to: not those that were."""
        return ",".join(filter(None, (self.current, self.following)))

    @property
    def signing(self) -> str:
        """As the keys of an audit log, of which one signs: not yet the following one."""
        return ",".join(filter(None, (self.current, self.previous)))

    def at(self, stage: Stage, name: str) -> Self:
        """After this step. A rotation that was interrupted goes on: no step is taken twice."""
        kind = type(self)
        if stage is Stage.INTRODUCE:
            if self.following or (self.previous and name not in ACCUMULATING):
                return self
            return kind(self.current, new_secret(name), self.previous)
        if stage is Stage.SWAP and self.following:
            return kind(self.following, previous=kind(self.current, None, self.previous).accepted)
        if stage is Stage.RETIRE and name not in ACCUMULATING:
            return kind(self.current)
        return self


def new_secret(name: str) -> str:
    """256 random bits in hex; of a pepper and a passphrase of backups with its ID."""
    value = secrets.token_hex(32)
    return f"{_NAMED[name]}{secrets.token_hex(4)}:{value}" if name in _NAMED else value

"""The keys and passwords of a stack, generated once."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Final, Self

from common.assertions import derive_key
from common.secret_values import PEPPERS, SecretValue, Stage, new_secret
from devstack.home import read_json, write_json

# Which key signed the checkpoints of an audit log before there was one for that alone.
SIGNED_CHECKPOINTS: Final = {
    "auth_audit_key": "auth_key_encryption_key",
    "core_audit_key": "core_cursor_key",
}
# Without the look-alikes 0 O 1 l I: people type this one.
LEGIBLE: Final = "abcdefghijkmnpqrstuvwxyz23456789"


def _key() -> str:
    return secrets.token_hex(32)


def _password() -> str:
    groups = ("".join(secrets.choice(LEGIBLE) for _ in range(4)) for _ in range(5))
    return "-".join(groups)


@dataclass(frozen=True, slots=True)
class StackSecrets:
    """Every secret that the services of one stack need, each random unless given."""

    auth_audit_key: str = field(default_factory=_key, repr=False)
    auth_key_encryption_key: str = field(default_factory=_key, repr=False)
    auth_refresh_derivation_key: str = field(default_factory=_key, repr=False)
    auth_password_peppers: str = field(default_factory=lambda: new_secret(PEPPERS), repr=False)
    auth_cursor_key: str = field(default_factory=_key, repr=False)
    auth_database_password: str = field(default_factory=_key, repr=False)
    auth_service_database_password: str = field(default_factory=_key, repr=False)
    core_audit_key: str = field(default_factory=_key, repr=False)
    core_client_secret: str = field(default_factory=_key, repr=False)
    core_cursor_key: str = field(default_factory=_key, repr=False)
    core_database_password: str = field(default_factory=_key, repr=False)
    core_service_database_password: str = field(default_factory=_key, repr=False)
    gateway_assertion_secret: str = field(default_factory=_key, repr=False)
    demo_password: str = field(default_factory=_password, repr=False)
    # Those that are being replaced.
    following: dict[str, str] = field(default_factory=dict, repr=False)
    previous: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """The secrets in the file; what is missing is generated and kept there."""
        stored = read_json(path)
        names = {each.name for each in fields(cls)}
        loaded = cls(**{name: value for name, value in stored.items() if name in names})
        for audit, signed_until_then in SIGNED_CHECKPOINTS.items():
            if stored and audit not in stored:
                loaded.previous[audit] = stored[signed_until_then]
        if asdict(loaded) != stored:
            write_json(path, asdict(loaded))
        return loaded

    def value(self, name: str) -> SecretValue:
        """One secret, with what is accepted as well while it is replaced."""
        return SecretValue(getattr(self, name), self.following.get(name), self.previous.get(name))

    def accepted(self, name: str) -> str:
        """For a setting that is a list."""
        return self.value(name).accepted

    def at(self, stage: Stage, names: Iterable[str]) -> Self:
        """After one step of replacing these."""
        made = {name: self.value(name).at(stage, name) for name in names}
        following = self.following | {name: each.following or "" for name, each in made.items()}
        previous = self.previous | {name: each.previous or "" for name, each in made.items()}
        current = {name: each.current for name, each in made.items()}
        return replace(
            self,
            following={name: value for name, value in following.items() if value},
            previous={name: value for name, value in previous.items() if value},
            **current,
        )

    def assertion_keys(self, audience: str) -> str:
        """What one service shares with the gateway."""
        given = self.accepted("gateway_assertion_secret").split(",")
        return ",".join(derive_key(each, audience) for each in given)

"""The keys and passwords of a stack, generated once."""

import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Final, Self

from common.assertions import derive_key
from devstack.home import read_json, write_json

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

    auth_key_encryption_key: str = field(default_factory=_key, repr=False)
    auth_refresh_derivation_key: str = field(default_factory=_key, repr=False)
    auth_cursor_key: str = field(default_factory=_key, repr=False)
    auth_database_password: str = field(default_factory=_key, repr=False)
    auth_service_database_password: str = field(default_factory=_key, repr=False)
    core_client_secret: str = field(default_factory=_key, repr=False)
    core_cursor_key: str = field(default_factory=_key, repr=False)
    core_database_password: str = field(default_factory=_key, repr=False)
    core_service_database_password: str = field(default_factory=_key, repr=False)
    gateway_assertion_secret: str = field(default_factory=_key, repr=False)
    demo_password: str = field(default_factory=_password, repr=False)

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """The secrets in the file; what is missing is generated and kept there."""
        stored = read_json(path)
        names = {each.name for each in fields(cls)}
        loaded = cls(**{name: str(value) for name, value in stored.items() if name in names})
        if asdict(loaded) != stored:
            write_json(path, asdict(loaded))
        return loaded

    def assertion_key(self, audience: str) -> str:
        """What one service shares with the gateway."""
        return derive_key(self.gateway_assertion_secret, audience)

"""From the stack's wiring to the environment of each process: the one place that names them."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self

from dotenv import dotenv_values

from devstack.secrets import StackSecrets
from devstack.servers.ports import LOOPBACK, free_ports
from devstack.traefik import TraefikFiles

# Ours alone: a service has no use for them, and the demo password is none of its business.
OWN_PREFIX: Final = "MASIJALA_"
# Without its bytecode caches a service takes three times as long to start.
# The owners' databases are for migrations alone.
WITHHELD: Final = frozenset(
    {"PYTHONDONTWRITEBYTECODE", "AUTH_MIGRATION_DATABASE_URL", "CORE_MIGRATION_DATABASE_URL"}
)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the stack's processes listen, all on 127.0.0.1."""

    gateway: int
    auth: int
    core: int
    policy: int

    @classmethod
    def starting_at(cls, port: int) -> Self:
        """Consecutive ports; from 0, any that are free now."""
        if port == 0:
            return cls(*free_ports(4))
        return cls(port, port + 1, port + 2, port + 3)

    @property
    def by_process(self) -> dict[str, int]:
        """The ports, by the process that listens on each."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything that the environments are made of."""

    ports: Ports
    secrets: StackSecrets
    auth_database_url: str = field(repr=False)
    auth_owner_url: str = field(repr=False)
    core_database_url: str = field(repr=False)
    core_owner_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    origins: str
    demo: bool
    jwks_file: Path
    mail_folder: Path
    anchors: Path
    inherited: Mapping[str, str] = field(repr=False)
    traefik: TraefikFiles
    console: Path | None = None

    @property
    def gateway_url(self) -> str:
        """The stack's public address, which is also the issuer of its tokens."""
        return f"http://{LOOPBACK}:{self.ports.gateway}"

    @property
    def writes_mail(self) -> bool:
        """Whether mail becomes files to look at: unless the user names a mail server."""
        return not self.inherited.get("AUTH_MAIL")

    @property
    def auth_url(self) -> str:
        """Auth's own address, which the outside does not see in production."""
        return f"http://{LOOPBACK}:{self.ports.auth}"

    @property
    def core_url(self) -> str:
        """Core's own address, which the outside does not see in production."""
        return f"http://{LOOPBACK}:{self.ports.core}"


def users_environment(env_file: Path) -> dict[str, str]:
    """The variables of the shell, and below them those of the user's .env."""
    written = {name: value for name, value in dotenv_values(env_file).items() if value}
    return written | dict(os.environ)


def auth_environment(wiring: Wiring) -> dict[str, str]:
    """For auth's process and its commands."""
    secrets = wiring.secrets
    mail = {"AUTH_MAIL": f"file:{wiring.mail_folder}"} if wiring.writes_mail else {}
    return (
        # Passkeys are for names: browsers refuse them for the address of this machine.
        {"AUTH_PASSKEY_DOMAIN": "localhost", "AUTH_OIDC_RETURN_URLS": _return_urls(wiring)}
        | _inherited(wiring)
        | mail
        | {
            "AUTH_HOST": LOOPBACK,
            "AUTH_PORT": str(wiring.ports.auth),
            "AUTH_DATABASE_URL": wiring.auth_database_url,
            "AUTH_REDIS_URL": wiring.redis_url,
            "AUTH_ISSUER": wiring.gateway_url,
            "AUTH_PUBLIC_URL": wiring.gateway_url,
            "AUTH_DATABASE_SPARE_PASSWORD": _spare(secrets, "auth_service_database_password"),
            "AUTH_KEY_ENCRYPTION_KEY": secrets.accepted("auth_key_encryption_key"),
            "AUTH_AUDIT_KEYS": secrets.value("auth_audit_key").signing,
            "AUTH_PASSWORD_PEPPERS": secrets.accepted("auth_password_peppers"),
            "AUTH_REFRESH_DERIVATION_KEY": secrets.auth_refresh_derivation_key,
            "AUTH_CURSOR_KEY": secrets.accepted("auth_cursor_key"),
            "AUTH_ASSERTION_KEYS": secrets.assertion_keys("auth"),
            "AUTH_ALLOWED_ORIGINS": _with_own_name(wiring),
            "AUTH_AUDIT_ANCHORS": str(wiring.anchors / "auth.jsonl"),
            "AUTH_DEMO": str(wiring.demo),
        }
    )


def _return_urls(wiring: Wiring) -> str:
    """The console's page, at both of its addresses; users name those of other frontends."""
    origins = (wiring.gateway_url, f"http://localhost:{wiring.ports.gateway}")
    return ",".join(f"{origin}/signed-in" for origin in origins)


def _with_own_name(wiring: Wiring) -> str:
    """The console is opened by the name of this machine too, and there alone passkeys work."""
    named = f"http://localhost:{wiring.ports.gateway}"
    return f"{wiring.origins},{named}" if wiring.origins else named


def auth_owner_environment(wiring: Wiring) -> dict[str, str]:
    """For auth's commands that change tables."""
    return auth_environment(wiring) | {"AUTH_MIGRATION_DATABASE_URL": wiring.auth_owner_url}


def core_environment(wiring: Wiring) -> dict[str, str]:
    """For core's process, its worker and its commands."""
    return _inherited(wiring) | {
        "CORE_HOST": LOOPBACK,
        "CORE_PORT": str(wiring.ports.core),
        "CORE_DATABASE_URL": wiring.core_database_url,
        "CORE_ISSUER": wiring.gateway_url,
        "CORE_AUTH_URL": wiring.auth_url,
        "CORE_CLIENT_ID": "core",
        "CORE_CLIENT_SECRET": wiring.secrets.core_client_secret,
        "CORE_ASSERTION_KEYS": wiring.secrets.assertion_keys("core"),
        "CORE_CURSOR_KEY": wiring.secrets.accepted("core_cursor_key"),
        "CORE_AUDIT_KEYS": wiring.secrets.value("core_audit_key").signing,
        "CORE_DATABASE_SPARE_PASSWORD": _spare(wiring.secrets, "core_service_database_password"),
        "CORE_AUDIT_ANCHORS": str(wiring.anchors / "core.jsonl"),
    }


def core_owner_environment(wiring: Wiring) -> dict[str, str]:
    """For core's commands that change tables."""
    return core_environment(wiring) | {"CORE_MIGRATION_DATABASE_URL": wiring.core_owner_url}


def gateway_environment(wiring: Wiring) -> dict[str, str]:
    """For the policy service, and for Traefik's configuration."""
    return _inherited(wiring) | {
        **({"GATEWAY_CONSOLE": str(wiring.console)} if wiring.console else {}),
        "GATEWAY_HOST": LOOPBACK,
        "GATEWAY_PORT": str(wiring.ports.gateway),
        "GATEWAY_REDIS_URL": wiring.redis_url,
        "GATEWAY_AUTH_URL": wiring.auth_url,
        "GATEWAY_CORE_URL": wiring.core_url,
        "GATEWAY_ISSUER": wiring.gateway_url,
        "GATEWAY_ASSERTION_SECRET": wiring.secrets.gateway_assertion_secret,
        "GATEWAY_ALLOWED_ORIGINS": wiring.origins,
        "GATEWAY_JWKS_FILE": str(wiring.jwks_file),
        "GATEWAY_POLICY_PORT": str(wiring.ports.policy),
        "GATEWAY_POLICY_URL": f"https://{LOOPBACK}:{wiring.ports.policy}",
        "GATEWAY_POLICY_CA": str(wiring.traefik.authority),
        "GATEWAY_POLICY_CERTIFICATE": str(wiring.traefik.policy.certificate),
        "GATEWAY_POLICY_KEY": str(wiring.traefik.policy.key),
    }


def _spare(secrets: StackSecrets, name: str) -> str:
    return secrets.value(name).spare or ""


def _inherited(wiring: Wiring) -> dict[str, str]:
    """The user's own settings, such as AUTH_LOG_LEVEL; what the wiring sets goes over them."""
    inherited = {
        name: value
        for name, value in wiring.inherited.items()
        if not name.startswith(OWN_PREFIX) and name not in WITHHELD
    }
    return inherited | {"PYTHONUNBUFFERED": "1"}

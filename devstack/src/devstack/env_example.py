"""`.env.example`, written from the settings classes, so that it can never lag behind them.

python -m devstack.env_example > .env.example

With the name of a service it writes which variables compose hands to that service as they are:
python -m devstack.env_example auth > deploy/compose/auth.env
"""

import sys
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from enum import Enum
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from auth_service.settings import AuthSettings
from auth_service.settings import MigrationSettings as AuthMigrationSettings
from core_service.settings import CoreSettings
from core_service.settings import MigrationSettings as CoreMigrationSettings
from devstack.settings import DevstackSettings
from gateway.settings import GatewaySettings

SECTIONS: Final[tuple[tuple[str, type[BaseSettings]], ...]] = (
    ("make run and the masijala command line", DevstackSettings),
    ("auth", AuthSettings),
    ("core and its worker", CoreSettings),
    ("gateway", GatewaySettings),
)
OWNERS: Final[tuple[type[BaseSettings], ...]] = (AuthMigrationSettings, CoreMigrationSettings)
# Read by docker-compose.yml and compose.observability.yml alone, not by a service.
COMPOSE: Final = {
    "POSTGRES_IMAGE": "base image of the database; default postgres:17-alpine",
    "DATABASE_IMAGE": "image of the database; default masijala-postgres, built here",
    "BACKUP_FOLDER": "where backups and WAL go, on another disk; default the volume backups",
    "BACKUP_SECRETS_FOLDER": "where backups of the secrets go; default the volume secret-backups",
    "BACKUP_RECIPIENT": "public key for these, age1…; make backup-key makes one",
    "BACKUP_RETENTION_FULL": "how many full backups stay, each with its WAL; default 4",
    "REDIS_IMAGE": "image of Valkey or Redis; default valkey/valkey:8-alpine",
    "TRAEFIK_IMAGE": "image of Traefik 3.7.12 or later; default one made from its wheel",
    "PYTHON_IMAGE": "base image of the services; default python:3.11-slim",
    "AUTH_IMAGE": "image of auth; default masijala-auth, built here",
    "CORE_IMAGE": "image of core and its worker; default masijala-core, built here",
    "GATEWAY_IMAGE": "image of the gateway; default masijala-gateway, built here",
    "REVISION": "the commit that the images are built from, for their labels",
    "POSTGRES_MEMORY": "memory of the database; default 2g",
    "MAILPIT_IMAGE": "image of the mail server for trials; default axllent/mailpit:v1.27",
    "MAILPIT_PORT": "its port on this machine; default 8025",
    "PROMETHEUS_IMAGE": "image of Prometheus; default prom/prometheus:v3.7.3",
    "ALERTMANAGER_IMAGE": "image of Alertmanager; default prom/alertmanager:v0.28.1",
    "GRAFANA_IMAGE": "image of Grafana; default grafana/grafana:12.2.1",
    "COLLECTOR_IMAGE": (
        "image of the collector; default otel/opentelemetry-collector-contrib:0.138.0"
    ),
    "PROMETHEUS_PORT": "port of Prometheus on this machine; default 9090",
    "ALERTMANAGER_PORT": "port of Alertmanager on this machine; default 9093",
    "GRAFANA_PORT": "port of Grafana on this machine; default 3000",
    "GRAFANA_PASSWORD": "first password of Grafana's account admin; default admin",
    "TRACES_EXPORTER": "where the collector sends traces: debug, its log, or otlphttp",
    "TRACES_ENDPOINT": "the address for otlphttp",
    "PUBLIC_URL": "where people reach the system; default https://127.0.0.1:8443",
    "MASIJALA_HTTPS_PORT": "the HTTPS port on this machine; default 8443",
}
SERVICES: Final[dict[str, type[BaseSettings]]] = {
    "auth": AuthSettings,
    "core": CoreSettings,
    "gateway": GatewaySettings,
}
# Decided by docker-compose.yml: where things are in its containers, and what PUBLIC_URL,
# MASIJALA_DEMO, MASIJALA_HTTPS_PORT and GATEWAY_ALLOWED_ORIGINS say.
OF_COMPOSE: Final = frozenset(
    {
        *("AUTH_HOST", "AUTH_PORT", "AUTH_ISSUER", "AUTH_PUBLIC_URL", "AUTH_DEMO"),
        *("AUTH_AUDIT_ANCHORS", "AUTH_ALLOWED_ORIGINS"),
        *("CORE_HOST", "CORE_PORT", "CORE_ISSUER", "CORE_AUTH_URL", "CORE_AUDIT_ANCHORS"),
        "CORE_WORKER_PORT",
        *("GATEWAY_HOST", "GATEWAY_PORT", "GATEWAY_HTTPS_PORT", "GATEWAY_HTTPS_PUBLIC_PORT"),
        *("GATEWAY_HTTPS_CERTIFICATE", "GATEWAY_HTTPS_KEY", "GATEWAY_TRAEFIK_PORT"),
        *("GATEWAY_POLICY_PORT", "GATEWAY_POLICY_URL", "GATEWAY_POLICY_BALANCER_PORT"),
        *("GATEWAY_POLICY_CERTIFICATE", "GATEWAY_POLICY_KEY", "GATEWAY_POLICY_CA"),
        *("GATEWAY_METRICS_HOST", "GATEWAY_METRICS_PORT", "GATEWAY_AUTH_URL", "GATEWAY_CORE_URL"),
        *("GATEWAY_ISSUER", "GATEWAY_JWKS_FILE", "GATEWAY_CONSOLE"),
    }
)
PASSED_HEAD: Final = """\
# Variables that docker-compose.yml hands to the service as they are in the shell or in .env.
"""
HEAD: Final = """\
# Every variable that the stack reads, with its default. Copy to .env what you change.
# `make run` needs none of them, docker-compose AUTH_SMTP_HOST or AUTH_MAIL=none. Both make their
# own secrets on the first start. What docker-compose.yml decides itself is marked.
"""


def render() -> str:
    """The whole file."""
    sections = [_section(title, _lines(kind)) for title, kind in SECTIONS]
    owners = (line for kind in OWNERS for line in _lines(kind, "migration_database_url"))
    sections.append(_section("migrations alone, never the services", owners))
    compose = (_entry(name, "", text) for name, text in COMPOSE.items())
    return "\n".join(
        [
            HEAD,
            *sections,
            _section("docker-compose.yml and compose.observability.yml alone", compose),
        ]
    )


def passed(service: str) -> list[str]:
    """The variables of a service that compose does not decide."""
    return [name for name in variables(SERVICES[service]) if name not in OF_COMPOSE]


def variables(kind: type[BaseSettings]) -> Iterator[str]:
    """All variables of a settings class."""
    return (_variable(kind, name) for name in kind.model_fields)


def _variable(kind: type[BaseSettings], name: str) -> str:
    alias = kind.model_fields[name].validation_alias
    prefix = str(kind.model_config.get("env_prefix", ""))
    return alias if isinstance(alias, str) else f"{prefix}{name}".upper()


def _section(title: str, entries: Iterator[str]) -> str:
    return f"# --- {title} ---\n\n" + "\n".join(entries)


def _lines(kind: type[BaseSettings], *names: str) -> Iterator[str]:
    """An entry for each setting, or for the named ones."""
    for name in names or kind.model_fields:
        field, variable = kind.model_fields[name], _variable(kind, name)
        marked = " (docker-compose.yml decides)" if variable in OF_COMPOSE else ""
        yield _entry(variable, _default(field), f"{field.description or ''}{marked}")


def _entry(variable: str, default: str, description: str) -> str:
    return f"# {description}\n# {variable}={default}\n"


def _default(field: FieldInfo) -> str:
    value = field.get_default()
    if field.is_required() or value is None or value is PydanticUndefined:
        return ""
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple | list):
        return "" if value and is_dataclass(value[0]) else ",".join(map(_plain, value))
    if is_dataclass(value) and not isinstance(value, type):
        return "/".join(_plain(part) for part in asdict(value).values())
    return str(value)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(PASSED_HEAD + "\n".join(passed(sys.argv[1])))  # noqa: T201 - its output is the file
    else:
        print(render(), end="")  # noqa: T201 - its output is the file

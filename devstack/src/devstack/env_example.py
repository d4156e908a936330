"""`.env.example`, written from the settings classes, so that it can never lag behind them.

python -m devstack.env_example > .env.example
"""

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
# Read by docker-compose.yml alone, not by a service.
COMPOSE: Final = {
    "POSTGRES_IMAGE": "image of the database; default postgres:17-alpine",
    "REDIS_IMAGE": "image of Valkey or Redis; default valkey/valkey:8-alpine",
    "TRAEFIK_IMAGE": "image of Traefik 3.7.12 or later; default one made from its wheel",
    "PYTHON_IMAGE": "base image of the services; default python:3.11-slim",
    "PUBLIC_URL": "where people reach the system; default https://127.0.0.1:8443",
    "MASIJALA_HTTPS_PORT": "the HTTPS port on this machine; default 8443",
}
HEAD: Final = """\
# Every variable that the stack reads, with its default. Copy to .env what you change.
# `make run` and docker-compose need none of them: both make their own secrets on the first start.
"""


def render() -> str:
    """The whole file."""
    sections = [_section(title, _lines(kind)) for title, kind in SECTIONS]
    owners = (line for kind in OWNERS for line in _lines(kind, "migration_database_url"))
    sections.append(_section("migrations alone, never the services", owners))
    compose = (_entry(name, "", text) for name, text in COMPOSE.items())
    return "\n".join([HEAD, *sections, _section("docker-compose.yml alone", compose)])


def _section(title: str, entries: Iterator[str]) -> str:
    return f"# --- {title} ---\n\n" + "\n".join(entries)


def _lines(kind: type[BaseSettings], *names: str) -> Iterator[str]:
    """An entry for each setting, or for the named ones."""
    prefix = str(kind.model_config.get("env_prefix", ""))
    for name in names or kind.model_fields:
        field = kind.model_fields[name]
        alias = field.validation_alias
        variable = alias if isinstance(alias, str) else f"{prefix}{name}".upper()
        yield _entry(variable, _default(field), field.description or "")


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
    print(render(), end="")  # noqa: T201 - its output is the file

"""The base of every service's settings: frozen, checked at the start.

They come from environment variables, or from files of the same names in /run/secrets, where Docker
and Kubernetes mount secrets; a variable goes before a file.
"""

import sys
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

MIN_SECRET_CHARACTERS: Final = 32
SECRETS_FOLDER: Final = Path("/run/secrets")


def _strong(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if len(value) < MIN_SECRET_CHARACTERS or len(set(value)) < MIN_SECRET_CHARACTERS // 4:
        raise ValueError(
            f"is too weak: give at least {MIN_SECRET_CHARACTERS} random characters, "
            "for example the output of `openssl rand -hex 32`"
        )
    return secret


StrongSecret = Annotated[SecretStr, AfterValidator(_strong)]
"""A secret that has no default and must look random; a weak one stops the start."""


class ServiceSettings(BaseSettings):
    """The settings of every service; each adds its own under its own prefix."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,  # docker-compose cannot leave a variable out
        hide_input_in_errors=True,
        secrets_dir=SECRETS_FOLDER if SECRETS_FOLDER.is_dir() else None,
    )

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=1, le=65535, description="port to listen on")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    drain_seconds: float = Field(
        default=0.0, ge=0, le=120, description="how long /readyz says 503 before the server stops"
    )


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)
EXIT_MISCONFIGURED: Final = 2


def load_settings(kind: type[SettingsT]) -> SettingsT:
    """The settings of the environment; exits with one line for each variable that is wrong."""
    try:
        return kind()
    except ValidationError as error:
        prefix = kind.model_config.get("env_prefix", "")
        for fault in error.errors(include_input=False, include_url=False):
            # A fault of several variables together has no place; its message names them.
            name = "".join(f"{prefix}{str(part).upper()}: " for part in fault["loc"][:1])
            sys.stderr.write(f"{name}{fault['msg']}\n")
        raise SystemExit(EXIT_MISCONFIGURED) from None

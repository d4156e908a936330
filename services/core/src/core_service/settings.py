"""Core's settings: from the environment, prefix CORE_, built once where a process starts."""

from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from common.admission import InFlightSettings
from common.settings import ServiceSettings, StrongSecret

AUDIENCE: Final = "core"
DATABASE_URL: Final = "postgresql:// URL of core's database, of a role that owns no table"


class DatabaseSettings(ServiceSettings):
    """Settings of every process that uses the database."""

    model_config = SettingsConfigDict(env_prefix="CORE_")

    database_url: SecretStr = Field(description=DATABASE_URL)
    database_spare_password: StrongSecret | None = Field(
        default=None,
        description="tried when Postgres refuses that of the URL, while it is being changed",
    )
    timezone: str = Field(
        default="Africa/Nairobi",
        description="the courts' calendar, which the console takes from the API",
    )

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except ZoneInfoNotFoundError as error:
            raise ValueError("is no time zone of the IANA database") from error
        return value


class MigrationSettings(DatabaseSettings):
    """Settings of `core migrate`; core itself does not use the owner's role."""

    migration_database_url: SecretStr = Field(
        description=(
            "the same database as its owner, for core migrate alone: do not give it to core and"
            " its worker"
        )
    )


class CoreSettings(InFlightSettings, DatabaseSettings):
    """Core's settings."""

    port: int = Field(default=8082, ge=1, le=65535, description="port to listen on")
    reuse_port: bool = Field(
        default=False,
        description=(
            "let a new process listen on the same port before the old one is stopped; needs"
            " CORE_DRAIN_SECONDS"
        ),
    )
    worker_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="the worker's port for /livez, /readyz and /metrics; none means none",
    )
    issuer: str = Field(description="the issuer whose service tokens are believed; auth's issuer")
    auth_url: str = Field(description="where auth listens, for its keys, users' names and grants")
    client_id: str = Field(default="core", description="core's client ID at auth")
    client_secret: StrongSecret = Field(description="core's client secret at auth")
    assertion_keys: Annotated[tuple[StrongSecret, ...], NoDecode] = Field(
        min_length=1, description="keys of the gateway's assertions: the current, the previous"
    )
    cursor_key: Annotated[tuple[StrongSecret, ...], NoDecode] = Field(
        min_length=1, description="signs the cursors of lists: current,previous"
    )

    max_new_spellings: int = Field(
        default=500,
        ge=1,
        le=5000,
        description="undecided spellings that one return may list; more are listed as these are"
        " decided",
    )
    audit_keys: Annotated[tuple[StrongSecret, ...], NoDecode] = Field(
        min_length=1, description="sign the checkpoints of the audit log: current,previous"
    )
    audit_anchors: Path | None = Field(
        default=None,
        description=(
            "file outside the database that each checkpoint of the audit log is appended to, and"
            " that core verify-audit reads; none means that only the log notes them"
        ),
    )
    max_unread_imports: int = Field(
        default=50, ge=1, description="files of one sender that may wait to be read"
    )
    max_downloads: int = Field(
        default=4,
        ge=1,
        le=10,
        description=(
            "exports and other downloads that a process makes at once, each with a database"
            " connection"
        ),
    )
    max_stored_mebibytes: int = Field(
        default=8192, ge=256, description="MiB of one sender's uploaded files that are stored"
    )
    return_file_days: int = Field(
        default=90,
        ge=1,
        description=(
            "days after the last change of an import that its uploaded file is deleted; its rows"
            " stay"
        ),
    )

    def audit_secrets(self) -> tuple[str, ...]:
        """The keys of the audit's checkpoints, the current one first."""
        return tuple(key.get_secret_value() for key in self.audit_keys)

    @field_validator("assertion_keys", "audit_keys", "cursor_key", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [key.strip() for key in value.split(",")] if isinstance(value, str) else value

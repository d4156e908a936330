"""What auth can be told, from the environment alone, and the one place that reads it."""

import sys
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import NoDecode, SettingsConfigDict

from common.settings import ServiceSettings, StrongSecret


def _split(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


CommaSeparated: Final = (NoDecode, BeforeValidator(_split))
Secrets = Annotated[tuple[StrongSecret, ...], *CommaSeparated]
Names = Annotated[tuple[str, ...], *CommaSeparated]


class AuthSettings(ServiceSettings):
    """Settings of auth; each is the environment variable AUTH_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="AUTH_")

    database_url: SecretStr = Field(description="Postgres database, as postgresql://user:…@host/db")
    redis_url: SecretStr = Field(description="Valkey or Redis, as redis://host:6379/0")
    issuer: str = Field(min_length=1, description="`iss` of every token; the public URL, as a rule")
    public_url: str = Field(
        pattern=r"^https?://[^/]+", description="where people reach the system; links begin with it"
    )
    key_encryption_key: StrongSecret = Field(
        description="encrypts the private signing keys in the database"
    )
    refresh_derivation_key: StrongSecret = Field(
        description="derives each refresh token's successor; a change costs at most one window"
    )
    cursor_key: StrongSecret = Field(description="signs the cursors of lists")
    assertion_keys: Secrets = Field(
        min_length=1,
        description=(
            "keys that the gateway's assertions for auth are checked with: current,previous"
        ),
    )
    allowed_origins: Names = Field(
        default=(), description="frontends' origins that may refresh and log out by cookie"
    )
    cookie_same_site: Literal["strict", "lax", "none"] = Field(
        default="strict", description="SameSite of the refresh cookie; none for another site"
    )
    access_token_seconds: int = Field(
        default=600, ge=60, le=3600, description="longest life of a user's access token"
    )
    service_token_seconds: int = Field(
        default=300, ge=60, le=3600, description="life of a service's access token"
    )
    refresh_window_seconds: int = Field(
        default=10, ge=0, le=30, description="how long the previous refresh token is honoured"
    )
    session_idle_days: int = Field(default=14, ge=1, description="a session unused so long is over")
    session_absolute_days: int = Field(default=90, ge=1, description="no session lives longer")
    password_min_characters: int = Field(
        default=15, ge=8, le=256, description="shortest new password, in code points"
    )
    hash_memory_kib: int = Field(default=19456, ge=8, description="argon2id memory cost")
    hash_time_cost: int = Field(default=2, ge=1, description="argon2id passes")
    hash_parallelism: int = Field(default=1, ge=1, description="argon2id lanes")
    hash_workers: int = Field(
        default=0, ge=0, description="threads that hash passwords; 0 means one for each core"
    )
    hash_queue: int = Field(
        default=16, ge=0, description="hashings that may wait for each thread before a 503"
    )

    @property
    def https(self) -> bool:
        """Whether people reach the system over TLS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def origins(self) -> frozenset[str]:
        """Origins that cookies are accepted from; pages of our own origin are."""
        own = urlsplit(self.public_url)
        return frozenset({*self.allowed_origins, f"{own.scheme}://{own.netloc}"})


def load_settings() -> AuthSettings:
    """The settings of the environment; exits with one line for each variable that is wrong."""
    try:
        return AuthSettings()
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False):
            name = "_".join(["AUTH", *(str(part).upper() for part in fault["loc"][:1])])
            sys.stderr.write(f"{name}: {fault['msg']}\n")
        raise SystemExit(2) from None

"""Auth's settings, from the environment alone."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FilePath,
    SecretStr,
    model_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from auth_service.limits.settings import LimitSettings
from auth_service.mail.settings import MailSettings
from auth_service.oidc.settings import OidcSettings
from auth_service.passwords.foreign import MOST_LANES, MOST_MEMORY_KIB, MOST_PASSES
from common.admission import InFlightSettings
from common.identity import Role
from common.redis_urls import SecretRedisUrl
from common.settings import ServiceSettings, StrongSecret


def _split(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


CommaSeparated: Final = (NoDecode, BeforeValidator(_split))
Secrets = Annotated[tuple[StrongSecret, ...], *CommaSeparated]
Names = Annotated[tuple[str, ...], *CommaSeparated]
NO_ROLE: Final = "none"


def _roles(value: Any) -> Any:
    # An empty variable counts as unset, so that there must be a word for no role.
    return () if value == NO_ROLE else _split(value)


Roles = Annotated[tuple[Role, ...], NoDecode, BeforeValidator(_roles)]


def _pepper(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    pepper_id, separator, secret = value.partition(":")
    if not separator:
        raise ValueError("write id:secret")
    return {"id": pepper_id, "secret": secret}


class Pepper(BaseModel):
    """A key that is mixed into passwords, and the ID by which stored hashes refer to it."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,32}$")
    secret: StrongSecret


Peppers = Annotated[tuple[Annotated[Pepper, BeforeValidator(_pepper)], ...], *CommaSeparated]


DATABASE_URL: Final = (
    "Postgres database, as postgresql://role:…@host/db, of a role that owns no table"
)
SPARE_PASSWORD: Final = "tried when Postgres refuses that of the URL, while it is being changed"  # noqa: S105 - a text


class MigrationSettings(ServiceSettings):
    """Settings of `auth migrate` and `auth prune-audit`; only they act as the owner."""

    model_config = SettingsConfigDict(env_prefix="AUTH_")

    database_url: SecretStr = Field(description=DATABASE_URL)
    migration_database_url: SecretStr = Field(
        description=(
            "the same database as its owner, for auth migrate and auth prune-audit alone: do not"
            " give it to the service"
        )
    )


class AuthSettings(LimitSettings, MailSettings, OidcSettings, InFlightSettings):
    """Settings of auth; each is the environment variable AUTH_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="AUTH_")

    database_url: SecretStr = Field(description=DATABASE_URL)
    database_spare_password: StrongSecret | None = Field(default=None, description=SPARE_PASSWORD)
    redis_url: SecretRedisUrl = Field(
        description="Redis or Valkey, as redis://host:6379/0, or redis+sentinel://host:26379,host:26379/service/0"
    )
    issuer: str = Field(min_length=1, description="`iss` of every token; the public URL, as a rule")
    public_url: str = Field(
        pattern=r"^https?://[^/]+", description="where people reach the system; links begin with it"
    )
    key_encryption_key: Secrets = Field(
        min_length=1,
        description=(
            "encrypts private signing keys and second factors in the database: current,previous"
        ),
    )
    audit_keys: Secrets = Field(
        min_length=1, description="sign the checkpoints of the audit log: current,previous"
    )
    audit_anchors: Path | None = Field(
        default=None,
        description=(
            "file outside the database that each checkpoint of the audit log is appended to, and"
            " that auth verify-audit reads; none means that only the log notes them"
        ),
    )
    signing_algorithm: Literal["ES256", "RS256", "EdDSA"] = Field(
        default="ES256", description="algorithm of new signing keys; a change starts a rotation"
    )
    key_rotation_days: float = Field(
        default=0, ge=0, description="age at which signing keys are replaced; 0 means by hand only"
    )
    jwks_seconds: int = Field(
        default=300,
        ge=1,
        le=86_400,
        description="how long verifiers keep the public keys; a new one is public so long first",
    )
    key_reload_seconds: float = Field(
        default=30, gt=0, le=300, description="how often each replica reads the keys"
    )
    reuse_port: bool = Field(
        default=False,
        description=(
            "let a new process listen on the same port before the old one is stopped; needs"
            " AUTH_DRAIN_SECONDS"
        ),
    )
    refresh_derivation_key: StrongSecret = Field(
        description="derives each refresh token's successor; a change costs at most one window"
    )
    cursor_key: Secrets = Field(
        min_length=1, description="signs the cursors of lists: current,previous"
    )
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
    client_secret_overlap_seconds: int = Field(
        default=0,
        ge=0,
        le=86_400,
        description="how long a service client's previous secret works after a rotation",
    )
    refresh_window_seconds: int = Field(
        default=10, ge=0, le=30, description="how long the previous refresh token is honoured"
    )
    session_idle_days: int = Field(default=14, ge=1, description="a session unused so long is over")
    session_absolute_days: int = Field(default=90, ge=1, description="no session lives longer")
    reauthentication_seconds: int = Field(
        default=900,
        ge=0,
        description=(
            "how recent a sign-in or second factor must be to end other sessions and to change"
            " factors; 0 means any will do"
        ),
    )
    demo: bool = Field(default=False, description="whether there are demo accounts")
    factor_roles: Roles | None = Field(
        default=None,
        description=(
            "roles that must have a second factor, or none; by default admin, and none with"
            " AUTH_DEMO"
        ),
    )
    factor_grace_days: float = Field(
        default=14,
        ge=0,
        le=365,
        description="how long users with such a role may sign in without a second factor",
    )
    device_letters: bool = Field(
        default=True, description="whether users get a letter about a sign-in from a new device"
    )
    dormant_days: float = Field(
        default=0,
        ge=0,
        description="accounts not used for so long are deactivated; 0 means never",
    )
    dormant_warning_days: float = Field(
        default=14, ge=1, le=90, description="how long before that their users get a letter"
    )
    anonymise_days: float = Field(
        default=0,
        ge=0,
        description="accounts that were deactivated so long ago are anonymised; 0 means never",
    )
    passkey_domain: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9.-]+$",
        description=(
            "domain that passkeys are made for, of the frontends too; by default that of"
            " AUTH_PUBLIC_URL"
        ),
    )
    email_special_use_domains: Names = Field(
        default=(),
        description=(
            "domains for special use (RFC 6761), such as local, that users' addresses may have"
        ),
    )
    breached_passwords: FilePath | None = Field(
        default=None,
        description=(
            "file of breached passwords' SHA-1, ordered, as Pwned Passwords has them"
            " (HASH:COUNT); none means that new passwords are not compared with any"
        ),
    )
    password_min_characters: int = Field(
        default=15, ge=8, le=256, description="shortest new password, in code points"
    )
    password_peppers: Peppers = Field(
        default=(),
        repr=False,
        description=(
            "keys mixed into passwords before hashing, as id:secret, the current one first; keep"
            " the others until every account that used them has signed in"
        ),
    )
    hash_memory_kib: int = Field(
        default=19456, ge=8, le=MOST_MEMORY_KIB, description="argon2id memory cost"
    )
    hash_time_cost: int = Field(default=2, ge=1, le=MOST_PASSES, description="argon2id passes")
    hash_parallelism: int = Field(default=1, ge=1, le=MOST_LANES, description="argon2id lanes")
    hash_workers: int = Field(
        default=0, ge=0, description="threads that hash passwords; 0 means one for each core"
    )
    hash_queue: int = Field(
        default=16, ge=0, description="hashings that may wait for each thread before a 503"
    )

    hash_wait_seconds: float = Field(
        default=0.8, gt=0, description="longest expected wait for a thread; beyond it a 503"
    )

    @model_validator(mode="after")
    def _knows_where_letters_go(self) -> Self:
        if self.mail == "smtp" and self.smtp_host is None and not self.demo:
            raise ValueError(
                "AUTH_SMTP_HOST: name the mail server; or decide with AUTH_MAIL=none that no"
                " letters are sent, or with AUTH_MAIL=file:<folder> that they are written to files"
            )
        return self

    @property
    def https(self) -> bool:
        """Whether the public URL is HTTPS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def obliged_roles(self) -> frozenset[Role]:
        """Roles that must have a second factor."""
        by_default = () if self.demo else (Role.ADMIN,)
        return frozenset(by_default if self.factor_roles is None else self.factor_roles)

    @property
    def passkeys_of(self) -> str:
        """The domain that passkeys are made for."""
        return self.passkey_domain or urlsplit(self.public_url).hostname or ""

    @property
    def origins(self) -> frozenset[str]:
        """Origins from which cookies are accepted, our own included."""
        own = urlsplit(self.public_url)
        return frozenset({*self.allowed_origins, f"{own.scheme}://{own.netloc}"})

"""Settings of signing in through directories (OpenID Connect)."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)
from pydantic_settings import NoDecode

from auth_service.fields import normal_email
from auth_service.users.identities import MAX_ISSUER
from common.settings import ServiceSettings

ID_PATTERN: Final = r"^[a-z][a-z0-9-]{0,31}$"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _private_address(url: str) -> str:
    """An address to which traffic is encrypted, or stays on this machine."""
    parts = urlsplit(url)
    plain = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or plain):
        raise ValueError("must begin with https://")
    if parts.fragment or parts.username is not None:
        raise ValueError("must have no fragment and no user")
    return url


def _domain(name: str) -> str:
    return normal_email(f"user@{name}").rpartition("@")[2]


PrivateUrl = Annotated[str, AfterValidator(_private_address)]
Domain = Annotated[str, Field(min_length=1), AfterValidator(_domain)]


class Provider(BaseModel):
    """A directory that users sign in through; `issuer` is spelt as its ID tokens spell it.

    A second factor that it asks for counts only when `amr` or `acr` of its ID token has one of the
    values in `factor_amr` or `factor_acr`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=ID_PATTERN)
    label: str = Field(min_length=1, max_length=100)
    issuer: PrivateUrl = Field(max_length=MAX_ISSUER, pattern=r"^[^?]+$")
    client_id: str = Field(min_length=1, max_length=255)
    email_domains: tuple[Domain, ...] = Field(min_length=1)
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    groups_claim: str = Field(default="groups", min_length=1)
    factor_amr: frozenset[str] = frozenset()
    factor_acr: frozenset[str] = frozenset()

    @property
    def is_private(self) -> bool:
        """Whether it is reached by HTTPS; else it is on this machine."""
        return self.issuer.startswith("https:")


class ClientSecret(BaseModel):
    """What a directory knows us by."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(pattern=ID_PATTERN)
    secret: SecretStr = Field(min_length=1)


def _secrets(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    pairs = (part.strip().partition(":") for part in value.split(",") if part.strip())
    return tuple({"id": name, "secret": secret} for name, _, secret in pairs)


def _addresses(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


class OidcSettings(ServiceSettings):
    oidc_providers: tuple[Provider, ...] = Field(
        default=(),
        description=(
            "directories that users sign in through, a JSON list (docs/operations.md, Signing in"
            " through a directory)"
        ),
    )
    oidc_client_secrets: Annotated[
        tuple[ClientSecret, ...], NoDecode, BeforeValidator(_secrets)
    ] = Field(
        default=(), repr=False, description="their client secrets, as id:secret, comma-separated"
    )
    oidc_return_urls: Annotated[tuple[PrivateUrl, ...], NoDecode, BeforeValidator(_addresses)] = (
        Field(
            default=(),
            description=(
                "the frontends' pages that a sign-in through a directory may end at; one that is no"
                " longer valid ends at the first"
            ),
        )
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        ids = [provider.id for provider in self.oidc_providers]
        if len(set(ids)) < len(ids) or len({each.issuer for each in self.oidc_providers}) < len(
            ids
        ):
            raise ValueError("AUTH_OIDC_PROVIDERS: each id and issuer may be there once")
        if missing := set(ids) - self.oidc_secrets.keys():
            raise ValueError(f"AUTH_OIDC_CLIENT_SECRETS: there is none of {min(missing)}")
        if ids and not self.oidc_return_urls:
            raise ValueError("AUTH_OIDC_RETURN_URLS: give the frontend's page")
        return self

    @property
    def oidc_secrets(self) -> Mapping[str, SecretStr]:
        """The client secrets by the ID of their provider."""
        return {each.id: each.secret for each in self.oidc_client_secrets}

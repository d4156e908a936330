"""One directory as we call it: its metadata and keys, the code's exchange, what it says of a user.

Nothing that it answers is trusted before it is checked, and all of it is bounded in time and size.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from pydantic import SecretStr

from auth_service.oidc.cached import Cached
from auth_service.oidc.errors import DirectoryUnavailable, SignInRefused
from auth_service.oidc.facts import Facts
from auth_service.oidc.id_tokens import Expected, Keys, KeyUnknown, parse_keys, verified_claims
from auth_service.oidc.logout_tokens import LoggedOut
from auth_service.oidc.settings import Provider
from auth_service.oidc.state import PendingSignIn
from common.errors import DomainError
from common.http_client import Call, ForeignServer, ServiceResponse, basic_credentials

WELL_KNOWN: Final = "/.well-known/openid-configuration"
CLIENT_ERRORS: Final = 4  # 4xx
BASIC: Final = "client_secret_basic"
ReadT = TypeVar("ReadT")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What its discovery document says (OpenID Connect Discovery 1.0, 3; RFC 9207)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    sends_issuer: bool
    takes_basic: bool


@dataclass(slots=True)
class Directory:
    provider: Provider
    secret: SecretStr
    server: ForeignServer
    _metadata: Cached[Metadata] = field(init=False)
    _keys: Cached[Keys] = field(init=False)

    def __post_init__(self) -> None:
        self._metadata = Cached("metadata", self._fetch_metadata)
        self._keys = Cached("keys", self._fetch_keys)

    async def sign_in_url(self, pending: PendingSignIn, redirect_uri: str) -> str:
        """Where the browser signs in. Raises DirectoryUnavailable."""
        metadata = await self._metadata.get()
        url: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            self.provider.client_id,
            "code",
            redirect_uri=redirect_uri,
            scope=" ".join(self.provider.scopes),
            state=pending.state,
            nonce=pending.nonce,
            code_challenge=create_s256_code_challenge(pending.verifier),
            code_challenge_method="S256",
        )
        return url

    async def require_issuer(self, issuer: str | None) -> None:
        """Refuse an answer of another directory (RFC 9207, 2.4). Raises SignInRefused."""
        if issuer is None and (await self._metadata.get()).sends_issuer:
            raise SignInRefused("iss-missing")
        if issuer is not None and issuer != self.provider.issuer:
            raise SignInRefused("iss-parameter")

    async def facts(
        self, code: str, pending: PendingSignIn, redirect_uri: str, now: datetime
    ) -> Facts:
        """What it says of the user whose code this is. Raises SignInRefused."""
        tokens = await self._exchange(code, pending, redirect_uri)
        access_token = _text(tokens, "access_token")
        expected = Expected(
            self.provider.issuer, self.provider.client_id, pending.nonce, access_token
        )
        id_token = _text(tokens, "id_token")
        claims = await self._verified(
            lambda keys: verified_claims(id_token, keys, expected, now), "id-token"
        )
        # An address and whether it is verified are of one source, or belong to two addresses.
        missing = [name for name in ("email", self.provider.groups_claim) if name not in claims]
        if missing:
            names = [*missing, *(["email_verified"] if "email" in missing else [])]
            info = await self._user_info(access_token, claims["sub"])
            claims = {**claims, **{name: info[name] for name in names if name in info}}
        return Facts.of(claims, self.provider)

    async def logged_out(self, token: str, now: datetime) -> LoggedOut:
        """Whom it has signed out. Raises SignInRefused for an invalid logout token."""
        return await self._verified(
            lambda keys: LoggedOut.read(token, keys, self.provider, now), "logout-token"
        )

    async def _verified(self, read: Callable[[Keys], ReadT], what: str) -> ReadT:
        """What is read of a token; with newer keys, when its key is not known."""
        try:
            return read(await self._keys.get())
        except KeyUnknown:
            try:
                return read(await self._keys.get(newer=True))
            except KeyUnknown as error:
                raise SignInRefused(f"{what}-kid") from error

    async def _exchange(
        self, code: str, pending: PendingSignIn, redirect_uri: str
    ) -> Mapping[str, Any]:
        metadata = await self._metadata.get()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": pending.verifier,
        }
        headers = {"Accept": "application/json"}
        client_id, secret = self.provider.client_id, self.secret.get_secret_value()
        if metadata.takes_basic:
            headers["Authorization"] = basic_credentials(client_id, secret)
        else:
            form |= {"client_id": client_id, "client_secret": secret}
        call = Call("POST", metadata.token_endpoint, form=form, headers=headers)
        response = await self._send(call, "token")
        if response.status != HTTPStatus.OK:
            raise SignInRefused("code-refused")
        return _object(response, "token")

    async def _user_info(self, access_token: str, subject: str) -> Mapping[str, Any]:
        endpoint = (await self._metadata.get()).userinfo_endpoint
        if endpoint is None:
            return {}
        headers = {"Accept": "application/json", "Authorization": f"Bearer {access_token}"}
        response = await self._send(Call("GET", endpoint, headers=headers), "userinfo")
        info = _object(response, "userinfo")
        if info.get("sub") != subject:
            raise SignInRefused("userinfo-sub")
        return info

    async def _fetch_metadata(self) -> Metadata:
        url = self.provider.issuer.rstrip("/") + WELL_KNOWN
        document = _object(await self._send(Call("GET", url), "metadata"), "metadata")
        # Else its keys could sign for another issuer (OpenID Connect Discovery 1.0, 4.3).
        if document.get("issuer") != self.provider.issuer:
            raise DirectoryUnavailable("metadata-issuer")
        methods = document.get("token_endpoint_auth_methods_supported", [BASIC])
        has_user_info = document.get("userinfo_endpoint") is not None
        return Metadata(
            self._endpoint(document, "authorization_endpoint"),
            self._endpoint(document, "token_endpoint"),
            self._endpoint(document, "jwks_uri"),
            self._endpoint(document, "userinfo_endpoint") if has_user_info else None,
            document.get("authorization_response_iss_parameter_supported") is True,
            isinstance(methods, list) and BASIC in methods,
        )

    async def _fetch_keys(self) -> Keys:
        url = (await self._metadata.get()).jwks_uri
        document = _object(await self._send(Call("GET", url), "keys"), "keys")
        try:
            return parse_keys(document)
        except (KeyError, TypeError, AttributeError) as error:
            raise DirectoryUnavailable("keys-malformed") from error

    async def _send(self, call: Call, what: str) -> ServiceResponse:
        try:
            response = await self.server.send(call)
        except DomainError as error:
            raise DirectoryUnavailable(f"{what}-{error.code}") from error
        if response.status != HTTPStatus.OK and response.status // 100 != CLIENT_ERRORS:
            raise DirectoryUnavailable(f"{what}-status")
        return response

    def _endpoint(self, document: Mapping[str, Any], name: str) -> str:
        url = document.get(name)
        scheme = "https" if self.provider.is_private else "http"
        if not isinstance(url, str) or urlsplit(url).scheme not in ("https", scheme):
            raise DirectoryUnavailable(f"metadata-{name}")
        return url


def _object(response: ServiceResponse, what: str) -> Mapping[str, Any]:
    """The JSON object of a 200. Raises DirectoryUnavailable."""
    try:
        body = json.loads(response.content) if response.status == HTTPStatus.OK else None
    except (ValueError, RecursionError) as error:
        raise DirectoryUnavailable(f"{what}-malformed") from error
    if not isinstance(body, dict):
        raise DirectoryUnavailable(f"{what}-malformed")
    return body


def _text(tokens: Mapping[str, Any], name: str) -> str:
    value = tokens.get(name)
    # It goes into a header.
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise SignInRefused(f"no-{name.replace('_', '-')}")
    return value

"""Who is calling this service: a valid assertion of the gateway, or a valid service token.

Nothing else gives an identity. A request with neither, with two that both name a caller, with a
header that imitates the assertion's name, or with a user's own token is refused with 401 before any
route sees it.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from common.access_tokens import TokenRules
from common.assertions import (
    HEADER,
    NO_CONTEXT,
    Assertion,
    AssertionVerifier,
    RequestContext,
)
from common.clock import Clock
from common.identity import Principal, service_principal
from common.jwks import JwksKeys
from common.jws import KeyResolver, TokenRefused, VerificationKey

ASSERTION: Final = HEADER.encode()
LOOK_ALIKES: Final = bytes.maketrans(b"_.", b"--")

RevocationCheck = Callable[[Mapping[str, Any]], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request presents: the assertion, verified, and credentials, yet to be verified."""

    assertion: Assertion | None = None
    authorization: bytes | None = None
    refused: TokenRefused | None = None


@dataclass(frozen=True, slots=True)
class CallerVerifier:
    """Verifies assertions for one service, and service tokens when there are keys for them.

    `is_active` says whether a valid service token was not revoked; without it, each is valid until
    it expires.
    """

    assertions: AssertionVerifier
    rules: TokenRules
    clock: Clock
    keys: JwksKeys | KeyResolver
    is_active: RevocationCheck | None = None

    def read(self, raw_headers: Iterable[tuple[bytes, bytes]]) -> Presented:
        """Verify the assertion; a refused one is noted, for the caller alone depends on it."""
        try:
            assertion, authorization = _credentials(raw_headers)
            if assertion is None:
                return Presented(None, authorization)
            verified = self.assertions.verify(assertion.decode("latin-1"), self.clock.now())
        except TokenRefused as error:
            return Presented(refused=error)
        return Presented(verified, authorization)

    async def identify(self, presented: Presented) -> Principal:
        """The caller. Raises TokenRefused with the reason."""
        if presented.refused is not None:
            raise presented.refused
        authorization = presented.authorization
        if presented.assertion is None:
            if authorization is None:
                raise TokenRefused("missing")
            return await self._service(authorization, None)
        principal = presented.assertion.principal
        if authorization is None:
            return principal
        if principal.kind != "anonymous":
            raise TokenRefused("ambiguous")
        # A service that comes through the gateway: the assertion gives its address, its own
        # credentials its identity. Those of RFC 6749, 2.3.1 are for the token endpoint to judge.
        if _is_basic(authorization):
            return principal
        return await self._service(authorization, principal.ip)

    async def _service(self, authorization: bytes, ip: str | None) -> Principal:
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise TokenRefused("scheme")
        claims = await self._claims(token)
        if self.is_active is not None and not await self.is_active(claims):
            raise TokenRefused("revoked")
        return service_principal(claims, ip)

    async def _claims(self, token: str) -> dict[str, Any]:
        now = self.clock.now()
        if not isinstance(self.keys, JwksKeys):
            return self.rules.verify(token, self.keys, now)
        wanted: list[str | None] = []
        try:
            return self.rules.verify(token, _noting(self.keys, wanted), now)
        except TokenRefused:
            # The issuer may have begun to sign with a key that we have not seen yet.
            if not wanted or await self.keys.ensure(wanted[0]) is None:
                raise
            return self.rules.verify(token, self.keys.resolve, now)


def _is_basic(authorization: bytes) -> bool:
    return authorization[:6].lower() == b"basic "


def _noting(keys: JwksKeys, unknown: list[str | None]) -> KeyResolver:
    """A resolver that records the key IDs it does not know."""

    def resolve(kid: str | None) -> VerificationKey | None:
        key = keys.resolve(kid)
        if key is None:
            unknown.append(kid)
        return key

    return resolve


def _credentials(raw_headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes | None, bytes | None]:
    """The assertion and the Authorization header; doubles and imitations raise TokenRefused."""
    found: dict[bytes, bytes] = {}
    for name, value in raw_headers:
        lowered = name.lower()
        if lowered.translate(LOOK_ALIKES) == ASSERTION and lowered != ASSERTION:
            raise TokenRefused("look-alike")
        if lowered in (ASSERTION, b"authorization"):
            if lowered in found:
                raise TokenRefused("duplicate")
            found[lowered] = value
    return found.get(ASSERTION), found.get(b"authorization")


async def current_principal(request: Request) -> Principal:
    """The caller, perhaps anonymous."""
    principal: Principal | None = request.state.principal
    return principal or Principal(kind="anonymous")


def current_context(request: Request) -> RequestContext:
    """What the gateway asserts apart from the caller; empty for internal calls."""
    presented: Presented = request.state.presented
    return presented.assertion.context if presented.assertion is not None else NO_CONTEXT


async def current_user(principal: Annotated[Principal, Depends(current_principal)]) -> Principal:
    """The signed-in user who calls. Raises Unauthenticated for anyone else."""
    principal.require_user()
    return principal


PrincipalDep = Annotated[Principal, Depends(current_principal)]
UserDep = Annotated[Principal, Depends(current_user)]

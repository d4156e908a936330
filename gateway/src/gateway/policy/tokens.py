"""Step 4: the access token, verified once and then remembered for at most a minute."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final, Protocol

from common.access_tokens import TokenRules, version_of
from common.clock import Clock
from common.identity import Role, user_principal
from common.jws import TokenRefused, VerificationKey
from gateway import metrics
from gateway.refusals import KeysUnavailable

CACHED_TOKENS: Final = 50_000
CACHED_SECONDS: Final = 60.0
# How and when the user signed in.
AUTHENTICATION: Final = ("amr", "acr", "auth_time")
_HIT: Final = metrics.TOKEN_CACHE.labels("hit")
_MISS: Final = metrics.TOKEN_CACHE.labels("miss")


class KeySource(Protocol):
    """The issuer's keys, as `common.jwks.JwksKeys` keeps them."""

    generation: int

    @property
    def usable(self) -> bool:
        """Whether there are keys that are fresh enough to trust."""
        ...

    def resolve(self, kid: str | None) -> VerificationKey | None:
        """The key with this ID."""
        ...

    async def ensure(self, kid: str | None) -> VerificationKey | None:
        """The key with this ID, asking the issuer when it may be new."""
        ...


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a verified token says; `identity` is what the assertion repeats of it."""

    digest: bytes
    subject: str
    session_id: str
    token_id: str
    issued_at: int
    version: int
    expires_at: float
    roles: frozenset[Role]
    identity: Mapping[str, Any]


@dataclass(slots=True)
class _Cached:
    token: AccessToken
    until: float


@dataclass(slots=True)
class TokenVerifier:
    """Verifies tokens. The cache knows them by digest, so that a memory dump holds none."""

    rules: TokenRules
    keys: KeySource
    clock: Clock
    capacity: int = CACHED_TOKENS
    _cache: OrderedDict[bytes, _Cached] = field(default_factory=OrderedDict)
    _generation: int = 0

    async def verify(self, token: bytes) -> AccessToken:
        """The token's content. Raises TokenRefused or KeysUnavailable."""
        digest = sha256(token).digest()
        cached = self._look_up(digest)
        if cached is not None:
            _HIT.inc()
            return cached
        _MISS.inc()
        verified = await self._verify(token.decode("ascii"), digest, self.rules)
        self._keep(verified)
        return verified

    async def verify_expired(self, token: bytes) -> AccessToken:
        """The content of a token that is valid but for its expiry, without its grants.

        Raises TokenRefused or KeysUnavailable.
        """
        rules = replace(self.rules, expired_too=True)
        verified = await self._verify(token.decode("ascii"), sha256(token).digest(), rules)
        identity = {**verified.identity, "grants": []}
        return replace(verified, roles=frozenset(), identity=identity)

    def _look_up(self, digest: bytes) -> AccessToken | None:
        if self._generation != self.keys.generation:
            # A key has left the set: what it signed must not live on here.
            self._cache.clear()
            self._generation = self.keys.generation
        if not self.keys.usable:
            return None
        entry = self._cache.get(digest)
        if entry is None:
            return None
        if entry.until <= self.clock.now().timestamp():
            del self._cache[digest]
            return None
        self._cache.move_to_end(digest)
        return entry.token

    def _keep(self, token: AccessToken) -> None:
        now = self.clock.now().timestamp()
        until = min(now + CACHED_SECONDS, token.expires_at)
        if until <= now or self._generation != self.keys.generation:
            return
        self._cache[token.digest] = _Cached(token, until)
        if len(self._cache) > self.capacity:
            self._cache.popitem(last=False)

    async def _verify(self, token: str, digest: bytes, rules: TokenRules) -> AccessToken:
        unknown: list[str | None] = []

        def resolve(kid: str | None) -> VerificationKey | None:
            key = self.keys.resolve(kid)
            if key is None:
                unknown.append(kid)
            return key

        try:
            claims = rules.verify(token, resolve, self.clock.now())
        except TokenRefused:
            if not unknown:
                raise
            # The issuer may sign with a key that it has published only just now.
            if await self.keys.ensure(unknown[0]) is None:
                if not self.keys.usable:
                    raise KeysUnavailable from None
                raise
            claims = rules.verify(token, self.keys.resolve, self.clock.now())
        return _read(claims, digest)


def _read(claims: Mapping[str, Any], digest: bytes) -> AccessToken:
    principal = user_principal(claims)
    identity = {"sub": str(principal.user_id), "sid": str(principal.session_id)}
    return AccessToken(
        digest=digest,
        subject=identity["sub"],
        session_id=identity["sid"],
        token_id=claims["jti"],
        issued_at=int(claims["iat"]),
        version=version_of(claims),
        expires_at=float(claims["exp"]),
        roles=frozenset(grant.role for grant in principal.grants),
        identity=identity
        | {"grants": claims["grants"]}
        | {name: claims[name] for name in AUTHENTICATION if name in claims},
    )

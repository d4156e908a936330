"""The policy: every request's verdict, in seven steps.

400 > 403 for the address > 429 > 503 for maintenance > 401 > 503 > 403 for the role > allow. A
request that failed before the Redis trip takes it all the same, to spend its address's quota.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from common.clock import Clock
from common.identity import Role, StepUp
from common.jws import TokenRefused
from gateway import metrics, refusals
from gateway.policy.addresses import Address, AddressRules
from gateway.policy.checks import CheckResult, Checks, Stop, TokenState
from gateway.policy.credentials import read_credentials
from gateway.policy.decision import ALLOWED, DEGRADED, Decision, PolicyRequest
from gateway.policy.devices import KnownDevices
from gateway.policy.identity import Identity, context_of
from gateway.policy.quota_table import BY_ADDRESS, QuotaTable
from gateway.policy.quotas import Spending, quota_fields
from gateway.policy.tokens import AccessToken, TokenVerifier
from gateway.refusals import KeysUnavailable, Refusal
from gateway.routes import AuthRequirement, Route, Upstream

# A token this young passes for reads while it is unknown whether it was revoked.
YOUNG_SECONDS: Final = 60.0


class _Authentication(NamedTuple):
    """The result of steps 2 to 5: the caller's token, or the first reason to refuse."""

    token: AccessToken | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Decides requests; every field can be replaced by hand in a test."""

    addresses: AddressRules
    tokens: TokenVerifier
    quotas: QuotaTable
    devices: KnownDevices
    checks: Checks
    identity: Identity
    clock: Clock
    maintenance: Refusal | None = None

    async def decide(self, request: PolicyRequest) -> Decision:
        """The verdict on one request."""
        route = request.route
        forwarded_for = request.headers.all(b"x-forwarded-for")
        client = self.addresses.locate(request.peer, forwarded_for)
        authentication = await self._authenticate(request, admitted=self.addresses.admits(client))
        spendings = self._spendings(request, authentication, client)
        stop = self._stop(route, authentication.token)
        result = await self.checks.run(authentication.token, spendings, stop)
        reasons = (*self._closed(route, authentication), *_refusals(authentication, result, stop))
        refusal = min(reasons, key=lambda reason: reason.priority, default=None)
        decision = self._decision(request, str(client), authentication, result, refusal)
        metrics.decided(decision.reason)
        return decision

    async def _authenticate(self, request: PolicyRequest, *, admitted: bool) -> _Authentication:
        """Steps 2 to 5, each only when no reason of higher priority is known."""
        if request.fault is not None:
            return _Authentication(refusal=request.fault)
        route = request.route
        credentials = read_credentials(request.headers, route)
        if isinstance(credentials.refusal, refusals.DuplicateAuthorization):
            return _Authentication(refusal=credentials.refusal)
        if not admitted:
            return _Authentication(refusal=refusals.AddressDenied())
        if credentials.refusal is not None:
            return _Authentication(refusal=credentials.refusal)
        if credentials.token is None:
            required = route.auth is AuthRequirement.REQUIRED
            return _Authentication(refusal=refusals.CredentialsMissing() if required else None)
        return await self._verified(credentials.token, route, request.step_up)

    async def _verified(self, raw: bytes, route: Route, step_up: StepUp | None) -> _Authentication:
        refusal: Refusal
        try:
            token = await self._token(raw, route)
        except TokenRefused as error:
            expired = error.reason == "expired"
            refusal = refusals.TokenExpired() if expired else refusals.TokenInvalid()
        except KeysUnavailable as error:
            metrics.DEGRADED.labels("jwks").inc()
            refusal = error
        else:
            lacking = route.roles and token.roles.isdisjoint(route.roles)
            if lacking:
                return _Authentication(token, refusals.RoleMissing())
            return _Authentication(token, self._lacks_factor(token, step_up))
        # Where a token is optional, one that does not hold counts as none.
        optional = route.auth is AuthRequirement.OPTIONAL
        return _Authentication(refusal=None if optional else refusal)

    def _lacks_factor(self, token: AccessToken, wanted: StepUp | None) -> Refusal | None:
        if wanted is None:
            return None
        enough = wanted.satisfied(token.identity, self.clock.now().timestamp())
        return None if enough else refusals.StepUpRequired(wanted)

    async def _token(self, raw: bytes, route: Route) -> AccessToken:
        try:
            return await self.tokens.verify(raw)
        except TokenRefused as error:
            if error.reason != "expired" or not route.names_expired:
                raise
            return await self.tokens.verify_expired(raw)

    def _spendings(
        self, request: PolicyRequest, authentication: _Authentication, client: Address
    ) -> tuple[Spending, ...]:
        if authentication.refusal is not None:
            return self.quotas.of_address(client)
        rate = request.route.rate
        subject = authentication.token.subject if authentication.token is not None else None
        device = self.devices.find(request.headers) if rate in BY_ADDRESS else None
        return self.quotas.of_request(rate, client, subject, device)

    def _stop(self, route: Route, token: AccessToken | None) -> Stop:
        if token is None or route.auth is not AuthRequirement.REQUIRED:
            return Stop.NEVER
        if route.changes or route.administration:
            return Stop.UNAVAILABLE
        age = self.clock.now().timestamp() - token.issued_at
        return Stop.UNCLEAR if age < YOUNG_SECONDS else Stop.UNAVAILABLE

    def _closed(self, route: Route, authentication: _Authentication) -> Iterator[Refusal]:
        """During maintenance only administrators pass, and what lets them sign in."""
        token = authentication.token
        admitted = token is not None and Role.ADMIN in token.roles
        # An expired token may be an administrator's: its client is to refresh it.
        passes = (
            admitted
            or route.open_in_maintenance
            or isinstance(authentication.refusal, refusals.TokenExpired)
        )
        if self.maintenance is not None and not passes:
            yield self.maintenance

    def _decision(
        self,
        request: PolicyRequest,
        address: str,
        authentication: _Authentication,
        result: CheckResult,
        refusal: Refusal | None,
    ) -> Decision:
        fields = quota_fields(result.spendings, result.quotas)
        if refusal is not None:
            return Decision(address, refusal.code, refusal, authentication.token, quota=fields)
        ended = result.token in (TokenState.REVOKED, TokenState.STALE)
        token = None if ended else authentication.token
        degraded = result.unavailable or result.token is TokenState.UNKNOWN
        if degraded and not result.unavailable:
            metrics.DEGRADED.labels("revocation").inc()
        upstream = request.route.upstream
        assertion = None
        if upstream is not Upstream.GATEWAY:
            closed = self.maintenance.detail if self.maintenance is not None else None
            context = context_of(request.correlation, fields, closed)
            assertion = self.identity.assertion(upstream, address, token, context)
        reason = DEGRADED if degraded else ALLOWED
        return Decision(address, reason, None, token, assertion, fields, degraded)


def _refusals(
    authentication: _Authentication, result: CheckResult, stop: Stop
) -> Iterator[Refusal]:
    if authentication.refusal is not None:
        yield authentication.refusal
    violated = [
        (item.policy.name, state)
        for item, state in zip(result.spendings, result.quotas, strict=True)
        if state.violated
    ]
    if violated:
        names = tuple(name for name, _ in violated)
        yield refusals.QuotaExceeded(names, max(state.reset_seconds for _, state in violated))
    if stop >= Stop.UNCLEAR and result.token is TokenState.REVOKED:
        yield refusals.TokenRevoked()
    if stop >= Stop.UNCLEAR and result.token is TokenState.STALE:
        yield refusals.TokenStale()
    if result.token is TokenState.UNKNOWN and stop >= (
        Stop.UNAVAILABLE if result.unavailable else Stop.UNCLEAR
    ):
        # Redis that answers without its memory is refused even where its silence is not (ADR 0009).
        yield refusals.RevocationUnavailable() if result.unavailable else refusals.RevocationLost()

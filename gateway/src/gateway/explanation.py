"""A verdict step by step, for `gateway check`: what each of the policy's steps has found."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from common.jws import TokenRefused
from gateway.policy.credentials import read_credentials
from gateway.policy.decision import Decision, PolicyRequest
from gateway.policy.policy import Policy
from gateway.refusals import KeysUnavailable
from gateway.routes import Route, Upstream


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and what came of it in words."""

    name: str
    finding: str


async def explain(policy: Policy, request: PolicyRequest) -> AsyncIterator[Step]:
    """The steps in their order, then the verdict. Asking spends quota like a real request."""
    yield Step("1 correlation", _correlation(request))
    yield Step("2 syntax", _syntax(request))
    yield Step("3 address", _address(policy, request))
    yield Step("4 token", await _token(policy, request))
    yield Step("5 route", _route(request.route))
    decision = await policy.decide(request)
    yield Step("6 revocation and quotas", _redis(decision))
    yield Step("7 identity", _identity(request.route, decision))
    yield Step("verdict", _verdict(decision))


def _correlation(request: PolicyRequest) -> str:
    given = request.headers.only(b"x-request-id")
    request_id = request.correlation.request_id
    is_given = given is not None and given.decode("latin-1") == request_id
    trace = request.correlation.traceparent.decode("ascii")
    return f"request ID {request_id} ({'kept' if is_given else 'new'}), trace {trace}"


def _syntax(request: PolicyRequest) -> str:
    if request.fault is not None:
        return f"refused: {request.fault.detail}"
    credentials = read_credentials(request.headers, request.route)
    if credentials.refusal is not None:
        return f"refused: {credentials.refusal.detail}"
    if credentials.token is not None:
        return f"one bearer token of {len(credentials.token)} bytes"
    if request.headers.all(b"authorization"):
        return "a public route: the Authorization header is not looked at"
    return "no credentials"


def _address(policy: Policy, request: PolicyRequest) -> str:
    forwarded = request.headers.all(b"x-forwarded-for")
    address = policy.addresses.locate(request.peer, forwarded)
    admitted = "admitted" if policy.addresses.admits(address) else "refused by the address lists"
    if not forwarded:
        return f"{address}, {admitted}"
    believed = "by X-Forwarded-For" if str(address) != request.peer else "X-Forwarded-For ignored"
    return f"{address} ({believed}), {admitted}"


async def _token(policy: Policy, request: PolicyRequest) -> str:
    raw = read_credentials(request.headers, request.route).token
    if raw is None:
        return "none to verify"
    try:
        token = await policy.tokens.verify(raw)
    except TokenRefused as error:
        return f"refused: {error.reason}"
    except KeysUnavailable:
        return "cannot be verified: the issuer's keys are unavailable"
    expires = datetime.fromtimestamp(token.expires_at, UTC).isoformat(timespec="seconds")
    roles = ", ".join(sorted(token.roles)) or "none"
    return f"valid until {expires}; user {token.subject}, session {token.session_id}, roles {roles}"


def _route(route: Route) -> str:
    needs = f"{route.auth} sign-in, rate class {route.rate}, body class {route.body}"
    roles = f", one of the roles {', '.join(route.roles)}" if route.roles else ""
    return f"{route.name} ({route.path}) to {route.upstream}: {needs}{roles}"


def _redis(decision: Decision) -> str:
    quotas = f"quotas {decision.quota.policy.decode()}: {decision.quota.state.decode()}"
    how = "without Redis, this process's own: " if decision.degraded else ""
    return f"{how}{quotas if decision.quota.policy else 'no quota applies'}"


def _identity(route: Route, decision: Decision) -> str:
    if decision.refusal is not None:
        return "none: the request goes no further"
    if route.upstream is Upstream.GATEWAY:
        return "none needed: the gateway answers itself"
    who = decision.token.subject if decision.token is not None else "no caller"
    return f"an assertion for {route.upstream} that names {who} at {decision.address}"


def _verdict(decision: Decision) -> str:
    refusal = decision.refusal
    if refusal is None:
        return decision.reason.replace("allowed", "allow")
    return f"{refusal.status.value} {refusal.code}: {refusal.detail}"

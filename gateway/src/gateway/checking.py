"""`gateway check`: one request as the command line describes it, judged and explained."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from gateway.explanation import explain
from gateway.policy.addresses import AddressRules
from gateway.policy.correlation import correlate
from gateway.policy.decision import PolicyRequest
from gateway.policy.handshakes import HandshakeRules
from gateway.policy.headers import HeaderMap
from gateway.policy.origins import Origins
from gateway.policy.paths import path_fault
from gateway.policy.policy import Policy
from gateway.policy.step_up import StepUpOperations
from gateway.refusals import Refusal
from gateway.routes import Match, RouteTable
from gateway.settings import GatewaySettings
from gateway.wiring import connected, wire

Print = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """The request: `headers` are lines such as `Accept: */*`."""

    method: str
    path: str
    address: str
    headers: tuple[str, ...]
    token: str | None = field(repr=False)


def is_allowed(settings: GatewaySettings, request: CheckedRequest, show: Print) -> bool:
    """Show step by step what the policy decides; whether the request may pass."""
    fault = path_fault(request.path.encode())
    match = RouteTable(settings.routes).match(request.method, request.path)
    if fault is not None or not match.found:
        show(fault.detail if fault is not None else _unmatched(match))
        return False
    headers = HeaderMap(_raw_headers(request))
    step_up = StepUpOperations.of(settings.step_up_operations, settings.step_up_seconds)
    judged = PolicyRequest(
        headers,
        request.address,
        match.route,
        correlate(headers),
        _handshake_fault(settings, headers, request.address),
        step_up.find(request.method, request.path),
    )
    return asyncio.run(_explain(settings, judged, show))


def _handshake_fault(settings: GatewaySettings, headers: HeaderMap, address: str) -> Refusal | None:
    rules = HandshakeRules(
        Origins(settings.allowed_origins), AddressRules(settings.trusted_proxies)
    )
    return rules.fault(headers, address, tls=True)


def _raw_headers(request: CheckedRequest) -> list[tuple[bytes, bytes]]:
    pairs = [line.partition(":") for line in request.headers]
    raw = [
        (name.strip().lower().encode(), value.strip().encode("latin-1")) for name, _, value in pairs
    ]
    if request.token is None:
        return raw
    return [*raw, (b"authorization", f"Bearer {request.token}".encode())]


async def _explain(settings: GatewaySettings, request: PolicyRequest, show: Print) -> bool:
    allowed = False
    gateway = wire(settings)
    async with connected(gateway):
        async for step in explain(gateway.get(Policy), request):
            show(f"{step.name}: {step.finding}")
            allowed = step.name == "verdict" and step.finding.startswith("allow")
    return allowed


def _unmatched(match: Match) -> str:
    if match.allowed:
        return f"405: this path has only {', '.join(match.allowed)}"
    return "404: no route has this path"

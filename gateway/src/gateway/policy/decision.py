"""What the policy is asked and what it answers; all that an edge needs to know of it."""

from dataclasses import dataclass
from typing import Final

from gateway.policy.correlation import Correlation
from gateway.policy.headers import HeaderMap
from gateway.policy.quotas import NO_FIELDS, QuotaFields
from gateway.policy.refusals import Refusal
from gateway.policy.tokens import AccessToken
from gateway.routes import Route

ALLOWED: Final = "allowed"
DEGRADED: Final = "allowed-degraded"


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """One request as an edge saw it.

    `peer` is the address that the connection came from. `fault` is a fault of form that the edge
    itself has found: it is what the caller is told, yet the request spends its address's quota.
    """

    headers: HeaderMap
    peer: str | None
    route: Route
    correlation: Correlation
    fault: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Let it pass when `refusal` is None, with `assertion` as the upstream's word on who calls."""

    address: str
    reason: str
    refusal: Refusal | None = None
    token: AccessToken | None = None
    assertion: str | None = None
    quota: QuotaFields = NO_FIELDS
    degraded: bool = False

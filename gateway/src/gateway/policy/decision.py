"""The policy's input and output; all that its caller needs to know.

What is made for every request is a named tuple here and in the modules around: as immutable as a
frozen dataclass, and made in a quarter of the time.
"""

from typing import Final, NamedTuple

from common.identity import StepUp
from gateway.policy.correlation import Correlation
from gateway.policy.headers import HeaderMap
from gateway.policy.quotas import NO_FIELDS, QuotaFields
from gateway.policy.tokens import AccessToken
from gateway.refusals import Refusal
from gateway.routes import Route

ALLOWED: Final = "allowed"
DEGRADED: Final = "allowed-degraded"


class PolicyRequest(NamedTuple):
    """One request as Traefik saw it.

    `peer` is the address that the connection came from. `fault` is a fault of form that was found
    before: the caller gets it as the answer, yet the request spends its address's quota. `step_up`
    is what the operation requires of how its user has signed in.
    """

    headers: HeaderMap
    peer: str | None
    route: Route
    correlation: Correlation
    fault: Refusal | None = None
    step_up: StepUp | None = None


class Decision(NamedTuple):
    """Let it pass when `refusal` is None, with `assertion` as all that the upstream gets."""

    address: str
    reason: str
    refusal: Refusal | None = None
    token: AccessToken | None = None
    assertion: bytes | None = None
    quota: QuotaFields = NO_FIELDS
    degraded: bool = False

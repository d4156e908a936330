"""What the policy itself has put into a request that Traefik sends here after the verdict.

A service's failure and too large a body are answered here. The request has its assertion by then,
and no longer the client's own ID.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from common.assertions import HEADER, NO_CONTEXT, AssertionVerifier, RequestContext
from common.clock import Clock
from common.jws import TokenRefused
from gateway.policy.headers import HeaderMap
from gateway.policy_service.exchange import Exchange

ASSERTION: Final = HEADER.encode()


@dataclass(frozen=True, slots=True)
class Carried:
    """Reads assertions for any upstream; `verifiers` has one for each."""

    verifiers: Sequence[AssertionVerifier]
    clock: Clock

    def restore(self, exchange: Exchange) -> None:
        """Answer under the request's ID, and with the quotas: they were spent, so say so."""
        context = self._context(exchange.headers)
        if context.rid is not None:
            exchange.correlation = exchange.correlation._replace(request_id=context.rid)
            exchange.extra = [
                (b"x-request-id", context.rid.encode()),
                *context.quota_headers.items(),
            ]

    def _context(self, headers: HeaderMap) -> RequestContext:
        assertion = (headers.only(ASSERTION) or b"").decode("latin-1")
        for verifier in self.verifiers:
            try:
                return verifier.verify(assertion, self.clock.now()).context
            except TokenRefused:
                continue
        return NO_CONTEXT

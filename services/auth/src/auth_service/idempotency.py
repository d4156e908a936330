"""`Idempotency-Key` for auth: a rolled-back trial of the work publishes no revocations."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request

from auth_service.revocations.rules import PendingRevocations
from common.caller import PrincipalDep
from common.composition import UnitDep, session_of
from common.idempotency import Idempotency, SentKey, idempotency


async def open_idempotency(
    request: Request, unit: UnitDep, principal: PrincipalDep, idempotency_key: SentKey = None
) -> Idempotency:
    """Run the request's work at most once for its key."""
    found = await idempotency(request, session_of(unit), principal, idempotency_key)
    return replace(found, undo=unit.get(PendingRevocations).items.clear)


IdempotencyDep = Annotated[Idempotency, Depends(open_idempotency, scope="function")]

"""`Idempotency-Key` for auth: the answer is stored in the request's own unit of work."""

from typing import Annotated

from fastapi import Depends, Header, Request

from auth_service.units import WorkDep
from common.caller import PrincipalDep
from common.idempotency import Idempotency, idempotency


async def open_idempotency(
    request: Request,
    work: WorkDep,
    principal: PrincipalDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="the same key and body again get the first answer again",
        ),
    ] = None,
) -> Idempotency:
    """Run the request's work at most once for its key."""
    return await idempotency(request, work.audit.session, principal, idempotency_key)


IdempotencyDep = Annotated[Idempotency, Depends(open_idempotency, scope="function")]

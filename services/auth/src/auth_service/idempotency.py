"""`Idempotency-Key` for auth: the answer is stored in the request's own unit of work."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.units import WorkDep
from common.caller import PrincipalDep
from common.idempotency import Idempotency, SentKey, idempotency
from common.identity import Principal


async def open_idempotency(
    request: Request,
    work: WorkDep,
    principal: PrincipalDep,
    idempotency_key: SentKey = None,
) -> Idempotency:
    """Run the request's work at most once for its key."""
    found = await idempotency(request, work.audit.session, principal, idempotency_key)

    async def check(_session: AsyncSession, _by: Principal, _named: str, _as_then: bool) -> None:
        # Only administrators send keys to auth, and a token may not be refused yet.
        await work.administration.require_admin(principal.require_user())

    return replace(found, check=check, undo=work.changes.clear)


IdempotencyDep = Annotated[Idempotency, Depends(open_idempotency, scope="function")]

"""Where a request comes from, for sessions and the audit log."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request

from common.caller import PrincipalDep, current_context

MAX_USER_AGENT: Final = 512


@dataclass(frozen=True, slots=True)
class Source:
    """Who acts, from which address and with what program; all unknown for the command line.

    `maintenance` is the operator's text while only administrators may sign in.
    """

    ip: str | None = None
    user_agent: str | None = None
    actor_id: UUID | None = None
    client_id: str | None = None
    maintenance: str | None = None


async def request_source(request: Request, principal: PrincipalDep) -> Source:
    """The source of a request; the address is the one in the assertion, the only one to trust."""
    agent = request.headers.get("user-agent", "").replace("\x00", "")[:MAX_USER_AGENT]
    client_id = principal.client_id if principal.kind == "service" else None
    maintenance = current_context(request).maintenance
    return Source(principal.ip, agent or None, principal.user_id, client_id, maintenance)


SourceDep = Annotated[Source, Depends(request_source)]

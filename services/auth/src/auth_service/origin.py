"""The origin of a request, for sessions and the audit log."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import Request

from common.caller import current_context
from common.identity import Principal

MAX_USER_AGENT: Final = 512


@dataclass(frozen=True, slots=True)
class RequestOrigin:
    """Who acts, from which address and with what program; all unknown for the command line.

    `maintenance` is the operator's text while only administrators may sign in.
    """

    ip: str | None = None
    user_agent: str | None = None
    actor_id: UUID | None = None
    client_id: str | None = None
    maintenance: str | None = None

    @classmethod
    def of(cls, request: Request) -> "RequestOrigin":
        """Only the address in the assertion can be trusted."""
        principal: Principal = request.state.principal or Principal(kind="anonymous")
        agent = request.headers.get("user-agent", "").replace("\x00", "")[:MAX_USER_AGENT]
        client_id = principal.client_id if principal.kind == "service" else None
        maintenance = current_context(request).maintenance
        return cls(principal.ip, agent or None, principal.user_id, client_id, maintenance)

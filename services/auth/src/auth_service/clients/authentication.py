"""The service that calls, by its token or its client credentials (RFC 7662, 2.1; 7009, 2.1)."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from auth_service.clients.service import ClientService
from auth_service.limits.service import Limits
from auth_service.oauth import TokenRequestRefused, client_credentials, read_form
from auth_service.units import RequestOrigin
from common.composition import Units
from common.identity import Principal

AUDIENCE: Final = "auth"


@dataclass(frozen=True, slots=True)
class ClientAuthentication:
    units: Units
    limits: Limits
    origin: RequestOrigin

    async def form(self, request: Request, principal: Principal, scope: str) -> dict[str, str]:
        """The parameters of a service with this scope.

        Raises TokenRequestRefused, RateLimited, Unauthenticated or PermissionDenied.
        """
        by_header = request.headers.get("authorization", "").lower().startswith("basic ")
        try:
            form = await read_form(request)
        except TokenRequestRefused:
            if not by_header:
                principal.require_scope(scope)  # a caller without the right learns that first
            raise
        caller = principal
        if principal.kind == "anonymous" and (by_header or "client_secret" in form):
            caller = await self._client(*client_credentials(request, form))
        caller.require_scope(scope)
        return form

    async def _client(self, client_id: str, secret: str) -> Principal:
        try:
            async with self.units.begin() as unit:
                client = await unit.get(ClientService).authenticate(client_id, secret)
        except TokenRequestRefused:
            await self.limits.client_failure(client_id, self.origin.ip)
            raise
        scopes = frozenset(client.scopes) if AUDIENCE in client.audiences else frozenset()
        return Principal("service", client_id=client.client_id, scopes=scopes)

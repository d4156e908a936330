"""POST /auth/token: service tokens by client credentials."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from auth_service.clients.service import ClientService, TokenRequest
from auth_service.keys.issuer import TokenIssuer
from auth_service.limits.counting import RateLimited
from auth_service.limits.service import Limits
from auth_service.oauth import (
    TokenRequestRefused,
    challenge,
    client_credentials,
    form_body,
    read_form,
    token_errors,
)
from auth_service.units import RequestOrigin
from common.composition import Units, transacting
from common.problem_responses import Responses, problems

NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
REQUEST_BODY: Final = form_body(
    {
        "grant_type": "client_credentials",
        "resource": "core",
        "client_id": "reports",
        "client_secret": "shown-once-5Q2v8bQy0m2cG1rT6dKz9wXhL4nP7sJe",
    },
    "grant_type",
    grant_type={"type": "string", "enum": ["client_credentials"]},
    resource={"type": "string", "description": "the one service to call"},
    scope={"type": "string"},
    client_id={"type": "string"},
    client_secret={"type": "string", "format": "password"},
)
REFUSALS: Final[Responses] = {
    400: token_errors(
        "Refused (RFC 6749, 5.2; RFC 8707, 2)",
        "invalid_request",
        "unsupported_grant_type",
        "invalid_scope",
        "invalid_target",
    ),
    401: token_errors("Wrong client credentials", "invalid_client"),
    **problems(RateLimited),
}


class ServiceTokenAnswer(BaseModel):
    """A service token (RFC 6749, 5.1)."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    scope: str


@dataclass(frozen=True, slots=True)
class ServiceTokens:
    """Issues tokens; refusals are committed to the audit log as well."""

    units: Units
    issuer: TokenIssuer
    limits: Limits
    origin: RequestOrigin

    async def issue(self, request: TokenRequest) -> ServiceTokenAnswer:
        """A token. Raises TokenRequestRefused or RateLimited.

        The client's own budget is spent only by its secret: strangers who know its name cannot
        use it up. Beyond their own they leave nothing in the audit log.
        """
        async with self.units.begin() as unit:
            clients = unit.get(ClientService)
            try:
                client = await clients.authenticate(request.client_id, request.client_secret)
                await self.limits.client_token(client.client_id)
                permit = await clients.permit(client, request)
            except TokenRequestRefused as error:
                refused = error  # raised when the audit event is committed
                if error.status is HTTPStatus.UNAUTHORIZED:
                    await self.limits.client_failure(request.client_id, self.origin.ip)
                clients.record(request.client_id, error.error)
            else:
                clients.record(request.client_id, None)
                token = self.issuer.for_service(permit)
                return ServiceTokenAnswer(
                    access_token=token.value, expires_in=token.expires_in, scope=permit.scope
                )
        raise refused


TokensDep = Annotated[ServiceTokens, Depends(transacting(ServiceTokens))]

router = APIRouter(prefix="/api/v1/auth", tags=["service tokens"])


@router.post(
    "/token",
    response_model=ServiceTokenAnswer,
    summary="A service token",
    responses=REFUSALS,
    openapi_extra=REQUEST_BODY,
)
async def issue_service_token(request: Request, tokens: TokensDep) -> JSONResponse:
    """A token for calling one other service, by client credentials (RFC 6749, 4.4; RFC 8707).

    Errors are those of RFC 6749, 5.2, the only ones that OAuth clients understand.
    """
    try:
        answer = await tokens.issue(await _read(request))
    except TokenRequestRefused as refused:
        return refused.response(NO_STORE | challenge(refused))
    return JSONResponse(answer.model_dump(), headers=NO_STORE)


async def _read(request: Request) -> TokenRequest:
    form = await read_form(request)
    client_id, secret = client_credentials(request, form)
    if "grant_type" not in form:
        raise TokenRequestRefused("invalid_request", "the parameter grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise TokenRequestRefused("unsupported_grant_type", "use client_credentials")
    return TokenRequest(client_id, secret, form.get("resource"), form.get("scope"))

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
    client_credentials,
    form_body,
    read_form,
    token_errors,
)
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

    async def issue(self, request: TokenRequest) -> ServiceTokenAnswer:
        """A token. Raises TokenRequestRefused or RateLimited."""
        await self.limits.client_token(request.client_id)
        async with self.units.begin() as unit:
            clients = unit.get(ClientService)
            try:
                permit = await clients.permit(request)
            except TokenRequestRefused as error:
                refused = error  # raised when the audit event is committed
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
        unauthorized = refused.status == HTTPStatus.UNAUTHORIZED
        challenge = {"WWW-Authenticate": 'Basic realm="token"'} if unauthorized else {}
        return refused.response(NO_STORE | challenge)
    return JSONResponse(answer.model_dump(), headers=NO_STORE)


async def _read(request: Request) -> TokenRequest:
    form = await read_form(request)
    client_id, secret = client_credentials(request, form)
    if form.get("grant_type") != "client_credentials":
        raise TokenRequestRefused("unsupported_grant_type", "use client_credentials")
    return TokenRequest(client_id, secret, form.get("resource"), form.get("scope"))

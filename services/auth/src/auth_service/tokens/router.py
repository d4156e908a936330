"""POST /auth/introspect and /auth/revoke, for services."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from auth_service.clients.authentication import ClientAuthentication
from auth_service.limits.counting import RateLimited
from auth_service.oauth import (
    TokenRequestRefused,
    challenge,
    form_body,
    token_errors,
)
from auth_service.tokens.service import TokenService
from common.caller import PrincipalDep
from common.composition import transacting, working
from common.problem_responses import ALLOWED, Responses, problems

REQUEST_BODY: Final = form_body(
    {"token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJ…"},
    "token",
    token={"type": "string"},
    token_type_hint={"type": "string"},
)
REFUSALS: Final[Responses] = {
    400: token_errors("Refused (RFC 6749, 5.2)", "invalid_request"),
    **problems(ALLOWED, RateLimited),
}


class IntrospectionAnswer(BaseModel):
    """The claims of a valid token; `active: false` for any other (RFC 7662, 2.2)."""

    model_config = ConfigDict(extra="allow")

    active: bool


AuthenticationDep = Annotated[ClientAuthentication, Depends(transacting(ClientAuthentication))]
TokensDep = Annotated[TokenService, Depends(working(TokenService))]

router = APIRouter(prefix="/api/v1/auth", tags=["service tokens"])


@router.post(
    "/introspect",
    response_model=IntrospectionAnswer,
    summary="Whether a token is valid now",
    responses=REFUSALS,
    openapi_extra=REQUEST_BODY,
)
async def introspect_token(
    request: Request, tokens: TokensDep, clients: AuthenticationDep, principal: PrincipalDep
) -> JSONResponse:
    """Whether a token is valid (RFC 7662), for a service with the scope `tokens:introspect`.

    The service sends its own token, or its client credentials as at the token endpoint.
    """
    try:
        token = _token(await clients.form(request, principal, "tokens:introspect"))
    except TokenRequestRefused as refused:
        return refused.response(challenge(refused))
    return JSONResponse(await tokens.introspect(token))


@router.post(
    "/revoke",
    response_class=Response,
    summary="Revoke a token",
    responses=REFUSALS | {200: {"description": "The token is not valid any more, known or not"}},
    openapi_extra=REQUEST_BODY,
)
async def revoke_token(
    request: Request, tokens: TokensDep, clients: AuthenticationDep, principal: PrincipalDep
) -> Response:
    """Revoke a token (RFC 7009), for a service with the scope `tokens:revoke`.

    The service sends its own token, or its client credentials as at the token endpoint. A refresh
    token ends its session. The answer for an unknown token is 200 as well.
    """
    try:
        token = _token(await clients.form(request, principal, "tokens:revoke"))
    except TokenRequestRefused as refused:
        return refused.response(challenge(refused))
    await tokens.revoke(token)
    return Response(status_code=HTTPStatus.OK)


def _token(form: dict[str, str]) -> str:
    token = form.get("token")
    if token is None:
        raise TokenRequestRefused("invalid_request", "the parameter token is missing")
    return token

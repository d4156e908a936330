"""POST /auth/introspect and /auth/revoke, for services."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from auth_service.oauth import TokenRequestRefused, form_body, read_form, token_errors
from auth_service.tokens.service import TokenService
from common.caller import PrincipalDep
from common.composition import working
from common.problem_responses import ALLOWED, Responses, problems

REQUEST_BODY: Final = form_body(
    {"token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJ…"},
    "token",
    token={"type": "string"},
    token_type_hint={"type": "string"},
)
REFUSALS: Final[Responses] = {
    400: token_errors("Refused (RFC 6749, 5.2)", "invalid_request"),
    **problems(ALLOWED),
}


class IntrospectionAnswer(BaseModel):
    """The claims of a valid token; `active: false` for any other (RFC 7662, 2.2)."""

    model_config = ConfigDict(extra="allow")

    active: bool


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
    request: Request, tokens: TokensDep, principal: PrincipalDep
) -> JSONResponse:
    """Whether a token is valid (RFC 7662), for a service with the scope `tokens:introspect`."""
    principal.require_scope("tokens:introspect")
    try:
        token = await _token(request)
    except TokenRequestRefused as refused:
        return refused.response()
    return JSONResponse(await tokens.introspect(token))


@router.post(
    "/revoke",
    response_class=Response,
    summary="Revoke a token",
    responses=REFUSALS | {200: {"description": "The token is not valid any more, known or not"}},
    openapi_extra=REQUEST_BODY,
)
async def revoke_token(request: Request, tokens: TokensDep, principal: PrincipalDep) -> Response:
    """Revoke a token (RFC 7009), for a service with the scope `tokens:revoke`.

    A refresh token ends its session. The answer for an unknown token is 200 as well.
    """
    principal.require_scope("tokens:revoke")
    try:
        token = await _token(request)
    except TokenRequestRefused as refused:
        return refused.response()
    await tokens.revoke(token)
    return Response(status_code=HTTPStatus.OK)


async def _token(request: Request) -> str:
    token = (await read_form(request)).get("token")
    if token is None:
        raise TokenRequestRefused("invalid_request", "the parameter token is missing")
    return token

"""POST /auth/introspect and /auth/revoke, for services."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from auth_service.clients.errors import TokenRequestRefused
from auth_service.clients.form import FORM, read_form
from auth_service.clients.schemas import TokenErrorAnswer
from auth_service.responses import token_errors
from auth_service.tokens.schemas import IntrospectionAnswer
from auth_service.tokens.service import TokenService
from auth_service.units import WorkDep
from common.caller import PrincipalDep
from common.problem_responses import ALLOWED, Responses, problems

REQUEST_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["token"],
                "properties": {
                    "token": {"type": "string"},
                    "token_type_hint": {"type": "string"},
                },
            },
            "example": {"token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJ…"},
        }
    },
}
REFUSALS: Final[Responses] = {
    400: token_errors("Refused (RFC 6749, 5.2)", "invalid_request"),
    **problems(ALLOWED),
}

router = APIRouter(prefix="/api/v1/auth", tags=["service tokens"])


async def current_tokens(request: Request) -> TokenService:
    """The app's token service."""
    tokens: TokenService = request.app.state.tokens
    return tokens


TokensDep = Annotated[TokenService, Depends(current_tokens)]


@router.post(
    "/introspect",
    response_model=IntrospectionAnswer,
    summary="Whether a token is good now",
    responses=REFUSALS,
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def introspect_token(
    request: Request, work: WorkDep, tokens: TokensDep, principal: PrincipalDep
) -> JSONResponse:
    """Whether a token is good now (RFC 7662), for a service with the scope `tokens:introspect`."""
    principal.require_scope("tokens:introspect")
    try:
        token = await _token(request)
    except TokenRequestRefused as refused:
        return _refusal(refused)
    answer = await tokens.introspect(work, token)
    return JSONResponse(answer)


@router.post(
    "/revoke",
    response_class=Response,
    summary="Make a token worthless",
    responses=REFUSALS | {200: {"description": "The token is worthless now, known or not"}},
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def revoke_token(
    request: Request, work: WorkDep, tokens: TokensDep, principal: PrincipalDep
) -> Response:
    """Make a token worthless (RFC 7009), for a service with the scope `tokens:revoke`.

    A refresh token takes its session with it. An unknown token is answered 200 as well.
    """
    principal.require_scope("tokens:revoke")
    try:
        token = await _token(request)
    except TokenRequestRefused as refused:
        return _refusal(refused)
    await tokens.revoke(work, token)
    return Response(status_code=HTTPStatus.OK)


async def _token(request: Request) -> str:
    token = (await read_form(request)).get("token")
    if token is None:
        raise TokenRequestRefused("invalid_request", "the parameter token is missing")
    return token


def _refusal(refused: TokenRequestRefused) -> JSONResponse:
    answer = TokenErrorAnswer(error=refused.error, error_description=refused.description)
    return JSONResponse(answer.model_dump(), status_code=refused.status)

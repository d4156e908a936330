"""POST /auth/token: service tokens by client credentials."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from auth_service.clients.errors import TokenRequestRefused
from auth_service.clients.form import FORM, client_credentials, read_form
from auth_service.clients.schemas import ServiceTokenAnswer, TokenErrorAnswer
from auth_service.clients.service import TokenRequest
from auth_service.keys.router import IssuerDep
from auth_service.limits.errors import RateLimited
from auth_service.limits.service import Limits
from auth_service.responses import token_errors
from auth_service.source import Source, SourceDep
from auth_service.tokens.issuer import TokenIssuer
from auth_service.units import Units, UnitsDep
from common.problem_responses import Responses, problems

NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
REQUEST_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": ["client_credentials"]},
                    "resource": {"type": "string", "description": "the one service to call"},
                    "scope": {"type": "string"},
                    "client_id": {"type": "string"},
                    "client_secret": {"type": "string", "format": "password"},
                },
            },
            "example": {
                "grant_type": "client_credentials",
                "resource": "core",
                "client_id": "reports",
                "client_secret": "shown-once-5Q2v8bQy0m2cG1rT6dKz9wXhL4nP7sJe",
            },
        }
    },
}
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


async def current_limits(request: Request) -> Limits:
    """The app's limits."""
    limits: Limits = request.app.state.limits
    return limits


LimitsDep = Annotated[Limits, Depends(current_limits)]

router = APIRouter(prefix="/api/v1/auth", tags=["service tokens"])


@router.post(
    "/token",
    response_model=ServiceTokenAnswer,
    summary="A service token",
    responses=REFUSALS,
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def issue_service_token(
    request: Request, units: UnitsDep, issuer: IssuerDep, source: SourceDep, limits: LimitsDep
) -> JSONResponse:
    """A token for calling one other service, by client credentials (RFC 6749, 4.4; RFC 8707).

    Errors are those of RFC 6749, 5.2, because OAuth clients know no other.
    """
    try:
        asked = await _asked(request, limits)
        answer = await _issue(asked, units, source, issuer)
    except TokenRequestRefused as refused:
        return _refusal(refused)
    return JSONResponse(answer.model_dump(), headers=NO_STORE)


async def _asked(request: Request, limits: Limits) -> TokenRequest:
    form = await read_form(request)
    client_id, secret = client_credentials(request, form)
    if form.get("grant_type") != "client_credentials":
        raise TokenRequestRefused("unsupported_grant_type", "ask by client_credentials")
    await limits.client_token(client_id)
    return TokenRequest(client_id, secret, form.get("resource"), form.get("scope"))


async def _issue(
    asked: TokenRequest, units: Units, source: Source, issuer: TokenIssuer
) -> ServiceTokenAnswer:
    async with units.begin(source) as work:
        try:
            permit = await work.clients.permit(asked)
        except TokenRequestRefused as refused:
            kept_back = refused  # until the log entry is committed
            work.clients.record(asked.client_id, refused.error)
        else:
            work.clients.record(asked.client_id, None)
            token = issuer.for_service(permit)
            return ServiceTokenAnswer(
                access_token=token.value, expires_in=token.expires_in, scope=permit.scope
            )
    raise kept_back


def _refusal(refused: TokenRequestRefused) -> JSONResponse:
    headers = dict(NO_STORE)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Basic realm="token"'
    answer = TokenErrorAnswer(error=refused.error, error_description=refused.description)
    return JSONResponse(answer.model_dump(), status_code=refused.status, headers=headers)

"""POST /auth/login, /auth/refresh and /auth/logout."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from auth_service.errors import CrossSiteRefused, InvalidCredentials, Maintenance
from auth_service.limits.errors import RateLimited
from auth_service.passwords.hashing import HashingBusy
from auth_service.sessions.errors import RefreshTokenInvalid, RefreshTokenReused
from auth_service.sessions.models import Delivery
from auth_service.signin.cookies import RefreshCookie
from auth_service.signin.schemas import Login, Refresh, TokenAnswer, refresh_seconds, token_answer
from auth_service.signin.service import Attempt, SignedIn, SignIn
from auth_service.source import SourceDep
from common.caller import PrincipalDep
from common.errors import ValidationFailed
from common.problem_responses import problems

router = APIRouter(prefix="/api/v1/auth", tags=["sign-in"])


async def current_sign_in(request: Request) -> SignIn:
    """The app's sign-in service."""
    sign_in: SignIn = request.app.state.sign_in
    return sign_in


async def current_cookie(request: Request) -> RefreshCookie:
    """The app's refresh cookie."""
    cookie: RefreshCookie = request.app.state.refresh_cookie
    return cookie


SignInDep = Annotated[SignIn, Depends(current_sign_in)]
CookieDep = Annotated[RefreshCookie, Depends(current_cookie)]


@router.post(
    "/login",
    response_model=TokenAnswer,
    summary="Sign in",
    responses=problems(InvalidCredentials, ValidationFailed, RateLimited, HashingBusy, Maintenance),
)
async def login(
    request: Request, body: Login, sign_in: SignInDep, cookie: CookieDep, source: SourceDep
) -> Any:
    """Open a session; the one whose cookie comes along is over.

    Every wrong case (unknown address, wrong password, deactivated account) is the same 401
    `invalid-credentials`.
    """
    attempt = Attempt(body.email, body.password, body.device_name, body.delivery)
    return _answer(await sign_in.login(attempt, source, cookie.left_over(request)), cookie)


@router.post(
    "/refresh",
    response_model=TokenAnswer,
    summary="Exchange the refresh token",
    responses=problems(
        RefreshTokenInvalid,
        RefreshTokenReused,
        CrossSiteRefused,
        ValidationFailed,
        RateLimited,
        Maintenance,
    ),
)
async def refresh_tokens(
    request: Request,
    sign_in: SignInDep,
    cookie: CookieDep,
    source: SourceDep,
    body: Refresh | None = None,
) -> Any:
    """Exchange the refresh token, of the body or the cookie, for the next one and an access token.

    Parallel uses of one token get the same successor, and so does the previous token for some
    seconds. Any other spent token ends the session: 401 `refresh-token-reused`.
    """
    token = (body.refresh_token if body else None) or cookie.read(request)
    if token is None:
        raise RefreshTokenInvalid("No refresh token came in the body or the cookie")
    return _answer(await sign_in.refresh(token, source), cookie)


@router.post(
    "/logout",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Sign out",
    responses=problems(CrossSiteRefused, ValidationFailed),
)
async def logout(
    request: Request,
    sign_in: SignInDep,
    cookie: CookieDep,
    source: SourceDep,
    principal: PrincipalDep,
    body: Refresh | None = None,
) -> Response:
    """End the session of the refresh token (body or cookie), else that of the access token.

    Answers 204 whether or not there was anything left to end.
    """
    given = body.refresh_token if body else None
    # An own access token says who asks; only the cookie alone needs the guard.
    guarded = given is None and principal.session_id is None
    tokens = [token for token in (given, _cookie_token(request, cookie, guarded)) if token]
    await sign_in.logout(tokens, principal, source)
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    if cookie.present(request):
        cookie.clear(response)
    return response


def _cookie_token(request: Request, cookie: RefreshCookie, guarded: bool) -> str | None:
    try:
        return cookie.read(request)
    except CrossSiteRefused:
        if guarded:
            raise
        return None


def _answer(signed_in: SignedIn, cookie: RefreshCookie) -> JSONResponse:
    response = JSONResponse(token_answer(signed_in))
    tenure = signed_in.tenure
    if tenure.session.delivery is Delivery.COOKIE:
        cookie.set(response, tenure.refresh_token, refresh_seconds(signed_in))
    return response

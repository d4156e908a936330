"""POST /auth/login, /auth/refresh and /auth/logout.

The refresh token is in the body or in a cookie that scripts cannot read, protected against CSRF.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from auth_service.errors import CrossSiteRefused, InvalidCredentials, Maintenance
from auth_service.limits.counting import RateLimited
from auth_service.limits.device_cookie import DeviceCookie, DeviceCookieDep
from auth_service.passwords.hashing import HashingBusy
from auth_service.sessions.errors import RefreshTokenInvalid, RefreshTokenReused
from auth_service.sessions.models import Delivery
from auth_service.signin.code_step import PasswordChangeRequired
from auth_service.signin.gate import FactorEnrolmentRequired, FactorRequired
from auth_service.signin.issuing import SignedIn
from auth_service.signin.schemas import Login, Refresh, TokenAnswer, refresh_seconds, token_answer
from auth_service.signin.service import Attempt, SignIn
from common.caller import PrincipalDep
from common.composition import lasting, transacting
from common.errors import Unauthenticated, ValidationFailed
from common.problem_responses import problems

NAME: Final = "masijala_refresh"


@dataclass(frozen=True, slots=True)
class RefreshCookie:
    """Sets, reads and clears the cookie. The `__Host-` prefix is refused over plain HTTP."""

    https: bool
    same_site: Literal["strict", "lax", "none"]
    origins: frozenset[str]

    @property
    def name(self) -> str:
        return f"__Host-{NAME}" if self.https else NAME

    def set(self, response: Response, token: str, max_age_seconds: int) -> None:
        response.set_cookie(
            self.name,
            token,
            max_age=max_age_seconds,
            path="/",
            secure=True,  # browsers keep Secure cookies of http://localhost, too
            httponly=True,
            samesite=self.same_site,
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(
            self.name, path="/", secure=True, httponly=True, samesite=self.same_site
        )

    def is_present(self, request: Request) -> bool:
        return self.name in request.cookies

    def previous(self, request: Request) -> str | None:
        """The token of the session that the browser has before a new sign-in.

        It only serves to end that session, so an allowed Origin is enough.
        """
        allowed = request.headers.get("origin") in self.origins
        return request.cookies.get(self.name) if allowed else None

    def read(self, request: Request) -> str | None:
        """The token. Raises CrossSiteRefused when another site may have sent the request."""
        token = request.cookies.get(self.name)
        if token is None:
            return None
        # Another site can neither set its Origin nor send X-CSRF without a CORS preflight.
        allowed = request.headers.get("origin") in self.origins
        if not allowed or request.headers.get("x-csrf") != "1":
            raise CrossSiteRefused
        return token


router = APIRouter(prefix="/api/v1/auth", tags=["sign-in"])


SignInDep = Annotated[SignIn, Depends(transacting(SignIn))]
CookieDep = Annotated[RefreshCookie, Depends(lasting(RefreshCookie))]


@router.post(
    "/login",
    response_model=TokenAnswer,
    summary="Sign in",
    responses=problems(
        *(InvalidCredentials, PasswordChangeRequired, FactorRequired, FactorEnrolmentRequired),
        *(ValidationFailed, RateLimited, HashingBusy, Maintenance),
    ),
)
async def login(
    request: Request,
    body: Login,
    sign_in: SignInDep,
    cookie: CookieDep,
    device_cookie: DeviceCookieDep,
) -> Any:
    """Open a session; the session of a cookie sent with the request is ended.

    An unknown address, a wrong password and a deactivated account are the same 401
    `invalid-credentials`. Send the `device_token` of an earlier sign-in, by body or cookie, and
    failed sign-ins of others do not keep this device out.

    With the right password the 401 may be `factor-required`: send `challenge_token` with a code, a
    recovery code or a passkey to `POST /auth/login/factor` within `expires_in` seconds. Or it is
    `factor-enrolment-required`: first get a secret from `POST /auth/login/enrolment`.

    With a printed code as the password it is `password-change-required`: send `reset_token` with a
    new password to `POST /auth/password/reset`, then sign in with that.
    """
    devices = device_cookie.tokens(request, body.device_token)
    attempt = Attempt(body.email, body.password, body.device_name, body.delivery, devices)
    signed_in = await sign_in.login(attempt, cookie.previous(request))
    return opened(request, signed_in, cookie, device_cookie)


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
    body: Refresh | None = None,
) -> Any:
    """Exchange the refresh token, in the body or the cookie, for the next one and an access token.

    Parallel uses of one token get the same successor, and so does the previous token for some
    seconds. Any other spent token ends the session: 401 `refresh-token-reused`.
    """
    token = (body.refresh_token if body else None) or cookie.read(request)
    if token is None:
        raise RefreshTokenInvalid("There is no refresh token in the body or the cookie")
    return _answer(await sign_in.refresh(token), cookie)


@router.post(
    "/logout",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Sign out",
    responses=problems(Unauthenticated, CrossSiteRefused, ValidationFailed),
)
async def logout(
    request: Request,
    sign_in: SignInDep,
    cookie: CookieDep,
    principal: PrincipalDep,
    body: Refresh | None = None,
) -> Response:
    """End the session of the refresh token (body or cookie), else that of the access token.

    An expired access token names its session as well. The answer is 204 whether or not that
    session had ended before, and 401 when the request names none.
    """
    given = body.refresh_token if body else None
    # With an access token, the caller is known; the cookie alone needs protection against CSRF.
    protected = given is None and principal.session_id is None
    tokens = [token for token in (given, _cookie_token(request, cookie, protected)) if token]
    if not tokens:
        principal.require_user()
    await sign_in.logout(tokens, principal)
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    if cookie.is_present(request):
        cookie.clear(response)
    return response


def _cookie_token(request: Request, cookie: RefreshCookie, protected: bool) -> str | None:
    try:
        return cookie.read(request)
    except CrossSiteRefused:
        if protected:
            raise
        return None


def opened(
    request: Request, signed_in: SignedIn, cookie: RefreshCookie, device_cookie: DeviceCookie
) -> JSONResponse:
    """The answer to a sign-in, after which the device is known."""
    response = _answer(signed_in, cookie)
    if signed_in.live.session.delivery is Delivery.COOKIE and signed_in.device is not None:
        device_cookie.add(response, request, signed_in.device)
    return response


def _answer(signed_in: SignedIn, cookie: RefreshCookie) -> JSONResponse:
    response = JSONResponse(token_answer(signed_in))
    live = signed_in.live
    if live.session.delivery is Delivery.COOKIE:
        cookie.set(response, live.refresh_token, refresh_seconds(signed_in))
    return response

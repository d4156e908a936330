"""/auth/oidc: signing in through a directory."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from auth_service.errors import Maintenance
from auth_service.limits.counting import RateLimited
from auth_service.limits.device_cookie import DeviceCookieDep
from auth_service.oauth import TokenRequestRefused, read_form
from auth_service.oidc.errors import (
    DirectoryUnavailable,
    ReturnUrlRefused,
    SignInCodeInvalid,
    SignInRefused,
)
from auth_service.oidc.logout import DirectoryLogout
from auth_service.oidc.navigation import NavigationRoute, redirect
from auth_service.oidc.schemas import CHALLENGE, ProviderList, ProviderRead, SignInExchange
from auth_service.oidc.service import Answer, Directories, DirectorySignIn, Exchange
from auth_service.oidc.settings import ID_PATTERN
from auth_service.oidc.state import MAX_STATE, StateCookies
from auth_service.signin.gate import FactorEnrolmentRequired, FactorRequired
from auth_service.signin.router import CookieDep, opened
from auth_service.signin.schemas import TokenAnswer
from common.caching import NEVER_STORED
from common.composition import lasting, transacting
from common.errors import NotFound, Unavailable, ValidationFailed
from common.problem_responses import problems

PATH = "/api/v1/auth/oidc"
REDIRECT: dict[int | str, dict[str, Any]] = {
    int(HTTPStatus.SEE_OTHER): {
        "description": "The next address of the browser",
        "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
    }
}

DirectoriesDep = Annotated[Directories, Depends(lasting(Directories))]
StateCookiesDep = Annotated[StateCookies, Depends(lasting(StateCookies))]
SignInDep = Annotated[DirectorySignIn, Depends(transacting(DirectorySignIn))]
LogoutDep = Annotated[DirectoryLogout, Depends(transacting(DirectoryLogout))]
ProviderId = Annotated[str, Path(pattern=ID_PATTERN, examples=["ministry"])]


async def answer_of(
    state: Annotated[str, Query(max_length=MAX_STATE, description="some leave it out")] = "",
    code: Annotated[str | None, Query(max_length=4096)] = None,
    iss: Annotated[str | None, Query(max_length=1024, description="RFC 9207")] = None,
    error: Annotated[str | None, Query(max_length=1024)] = None,
) -> Answer:
    return Answer(state, code, iss, error)


AnswerDep = Annotated[Answer, Depends(answer_of)]

TAG: Final = "directory sign-in"
router = APIRouter(prefix=PATH, tags=[TAG], dependencies=[NEVER_STORED])
# What browsers open.
navigation_router = APIRouter(
    prefix=PATH, tags=[TAG], dependencies=[NEVER_STORED], route_class=NavigationRoute
)


@router.get("", summary="List directories to sign in through", responses=problems())
async def list_sign_in_providers(directories: DirectoriesDep) -> ProviderList:
    """For the sign-in page; without any there is an empty list."""
    return ProviderList(
        items=[
            ProviderRead(
                id=each.provider.id,
                label=each.provider.label,
                start=directories.start_url(each),
            )
            for each in directories.all
        ]
    )


@navigation_router.get(
    "/{provider}/start",
    status_code=HTTPStatus.SEE_OTHER,
    response_class=RedirectResponse,
    summary="Begin to sign in through a directory",
    responses=REDIRECT | problems(ReturnUrlRefused, NotFound, ValidationFailed),
)
async def begin_directory_sign_in(
    provider: ProviderId,
    sign_in: SignInDep,
    cookies: StateCookiesDep,
    code_challenge: Annotated[
        str,
        Query(
            pattern=CHALLENGE,
            description=(
                "the base64url of the SHA-256 of a random secret that the frontend keeps (RFC 7636)"
            ),
            examples=["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
        ),
    ],
    return_to: Annotated[
        str | None,
        Query(
            max_length=2048,
            description="one of AUTH_OIDC_RETURN_URLS; needed if there are several",
        ),
    ] = None,
) -> RedirectResponse:
    """Send the browser here, not a request of a script: it is redirected to the directory. Within
    10 minutes it comes back to `return_to`, with `#code=…` for `POST /auth/oidc/token`, or with
    `#error=` and one of `sign-in-cancelled`, `account-unavailable` (no account has the verified
    address, or it may not sign in), `directory-refused`, `directory-unavailable`,
    `sign-in-state-invalid` (it took too long, came back twice, or was begun by another browser;
    in that case at the first of AUTH_OIDC_RETURN_URLS).

    What is refused before, or on the way back, also ends there in a browser, with
    `return-url-refused` (at the first of AUTH_OIDC_RETURN_URLS), `quota-exceeded`, `unavailable` or
    `sign-in-state-invalid`; a client that accepts no HTML gets the problem.
    """
    directory = sign_in.directories.named(provider)
    return_url = sign_in.directories.return_url(return_to)
    pending = cookies.begin(directory.provider.id, return_url, code_challenge)
    response = redirect(await sign_in.begin(pending))
    cookies.set(response, pending)
    return response


@navigation_router.get(
    "/{provider}/callback",
    status_code=HTTPStatus.SEE_OTHER,
    response_class=RedirectResponse,
    summary="Come back from a directory",
    responses=REDIRECT | problems(NotFound, ValidationFailed, RateLimited),
    include_in_schema=False,  # no frontend calls it
)
async def finish_directory_sign_in(
    request: Request,
    provider: ProviderId,
    sign_in: SignInDep,
    cookies: StateCookiesDep,
    answer: AnswerDep,
) -> RedirectResponse:
    """Only for the directory: the address to register there. A `state` works once, and in the
    browser that has begun. Nothing that the directory writes is passed on.
    """
    pending = cookies.read(request, provider, answer.state)
    response = redirect(await sign_in.end(provider, pending, answer))
    cookies.clear(response, answer.state)
    return response


@router.post(
    "/token",
    response_model=TokenAnswer,
    summary="Finish a sign-in through a directory",
    responses=problems(
        *(SignInCodeInvalid, FactorRequired, FactorEnrolmentRequired),
        *(ValidationFailed, RateLimited, Maintenance),
    ),
)
async def exchange_sign_in_code(
    request: Request,
    body: SignInExchange,
    sign_in: SignInDep,
    cookie: CookieDep,
    device_cookie: DeviceCookieDep,
) -> Any:
    """Open a session. A code works once, for 2 minutes, and with the frontend's secret. As after
    a password, the 401 may be `factor-required` or `factor-enrolment-required`.
    """
    exchange = Exchange(
        body.code,
        body.code_verifier,
        body.delivery,
        body.device_name,
        device_cookie.tokens(request, body.device_token),
        cookie.previous(request),
    )
    return opened(request, await sign_in.exchange(exchange), cookie, device_cookie)


@router.post(
    "/{provider}/logout",
    summary="End what began at a directory",
    include_in_schema=False,  # no frontend calls it
)
async def end_directory_sessions(
    request: Request, provider: ProviderId, logout: LogoutDep
) -> Response:
    """Only for the directory: the address to register there as `backchannel_logout_uri`. A logout
    token works once. One that names no session of ours is answered alike.
    """
    try:
        form = await read_form(request)
        await logout.end(provider, form.get("logout_token", ""))
    except TokenRequestRefused as refused:
        return refused.response()
    except DirectoryUnavailable as error:
        raise Unavailable from error
    except SignInRefused:
        return TokenRequestRefused("invalid_request", "the logout token is invalid").response()
    return Response(status_code=HTTPStatus.OK)

"""Refusals that a browser would show: they go to a frontend's page, which says them in words."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from auth_service.limits.counting import RateLimited
from auth_service.oidc.errors import ReturnUrlRefused
from auth_service.oidc.service import STATE_INVALID, Directories, at_page
from auth_service.oidc.state import MAX_STATE, StateCookies
from common.caching import NO_STORE
from common.composition import Units
from common.errors import DomainError
from common.logs import get_logger
from common.navigation import shows_pages
from common.problems import DATABASE_UNAVAILABLE

UNAVAILABLE: Final = "unavailable"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_REFUSED: Final = (DomainError, RequestValidationError, *DATABASE_UNAVAILABLE)

log = get_logger(__name__)


class NavigationRoute(APIRoute):
    """A route that browsers open. A program that opens it gets its problems as JSON."""

    def get_route_handler(self) -> Handler:
        """The handler, with refusals as the address of a page where that is what is shown."""
        handle = super().get_route_handler()

        async def handle_navigation(request: Request) -> Response:
            try:
                return await handle(request)
            except _REFUSED as refused:
                page = _page(request)
                if page is None or not shows_pages(request.headers.get("accept", "")):
                    raise
                code = _code(refused)
                log.info("navigation_refused", error=type(refused).__name__, shown=code)
                return redirect(at_page(page, error=code))

        return handle_navigation


def redirect(url: str) -> RedirectResponse:
    headers = {"Cache-Control": NO_STORE, "Referrer-Policy": "no-referrer"}
    return RedirectResponse(url, HTTPStatus.SEE_OTHER, headers)


def _page(request: Request) -> str | None:
    """Of the addresses of the settings alone: that of the sign-in, where it is known, or the first.

    None when there are no directories: then no frontend sends a browser here.
    """
    units: Units = request.app.state.units
    allowed = units.get(Directories).return_urls
    state = request.query_params.get("state", "")[:MAX_STATE]
    pending = units.get(StateCookies).read(request, request.path_params["provider"], state)
    wanted = pending.return_to if pending else request.query_params.get("return_to")
    return wanted if wanted in allowed else next(iter(allowed), None)


def _code(refused: Exception) -> str:
    """What the page gets: no more than which sentence fits."""
    if isinstance(refused, RateLimited | ReturnUrlRefused):
        return refused.code
    if isinstance(refused, DATABASE_UNAVAILABLE):
        return UNAVAILABLE
    if isinstance(refused, DomainError) and refused.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UNAVAILABLE
    # The address is not whole, or its directory is no longer there: only a new beginning helps.
    return STATE_INVALID

"""Problems for an edge that can only fetch a page when something behind it fails.

Traefik's `errors` middleware takes the page's body and headers, and sets the status itself. It asks
the policy service, or another service when that is unavailable, so every service has these pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from common.problems import MEDIA_TYPE, problem_body

PREFIX: Final = "/problem/"
RETRY_AFTER: Final = "2"
_UNAVAILABLE: Final = "The service is temporarily unavailable"


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """The problem as the client gets it; `status` is the one that the edge will have set."""

    status: HTTPStatus
    code: str
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    example: ClassVar[Mapping[str, str]] = {}  # as that of a domain error


def _upstream(status: HTTPStatus, error: str, code: str = "upstream-unavailable") -> ProblemPage:
    # `error` is the proxy error type of RFC 9209, 2.3.
    headers = {"retry-after": RETRY_AFTER, "proxy-status": f"masijala-gateway; error={error}"}
    detail = "A service does not answer; try again shortly"
    return ProblemPage(status, code, _UNAVAILABLE, detail, headers)


PAGES: Final[Mapping[str, ProblemPage]] = {
    "policy": ProblemPage(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "policy-unavailable",
        "Requests cannot be checked for now",
        "The gateway's policy does not answer; try again shortly",
        {"retry-after": RETRY_AFTER},
    ),
    "413": ProblemPage(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-large",
        "The body is too large",
        "More came than is accepted here",
    ),
    # Traefik's own 500 is a dead policy and becomes 503, so a service's must have another number.
    "500": ProblemPage(
        HTTPStatus.BAD_GATEWAY,
        "internal-error",
        "Something went wrong on our side",
        "The fault is in the log under this request ID",
    ),
    "502": _upstream(HTTPStatus.BAD_GATEWAY, "connection_terminated"),
    "503": _upstream(HTTPStatus.SERVICE_UNAVAILABLE, "destination_unavailable"),
    "504": _upstream(HTTPStatus.GATEWAY_TIMEOUT, "http_response_timeout", "upstream-timeout"),
}
PATHS: Final = frozenset(PREFIX + name for name in PAGES)


async def problem_page(request: Request) -> JSONResponse:
    """The page of a service; 200, because the edge puts the problem's own status in its place."""
    page = PAGES[request.url.path.removeprefix(PREFIX)]
    return JSONResponse(
        problem_body(page.status, page.code, page.title, page.detail),
        headers={**page.headers, "cache-control": "no-store"},
        media_type=MEDIA_TYPE,
    )

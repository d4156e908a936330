"""The refresh token in a cookie that scripts cannot read, and its protection against CSRF."""

from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from auth_service.errors import CrossSiteRefused

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

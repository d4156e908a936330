"""The tokens of known devices (`limits.devices`) in a cookie that scripts cannot read."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from common.composition import lasting

NAME: Final = "masijala_device"
# A computer at a counter is used by several people.
MOST: Final = 5
SECONDS: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class DeviceCookie:
    """The tokens of the accounts that a browser has signed in to, the newest first.

    They choose a counter and give no access: any origin may send them.
    """

    https: bool
    same_site: Literal["strict", "lax", "none"]

    @property
    def name(self) -> str:
        return f"__Host-{NAME}" if self.https else NAME

    def tokens(self, request: Request, in_body: str | None = None) -> tuple[str, ...]:
        """What the request presents, unverified; a token in the body comes first."""
        cookie = request.cookies.get(self.name, "").split(".")[:MOST]
        return tuple(token for token in (in_body, *cookie) if token)

    def add(self, response: Response, request: Request, token: str) -> None:
        """Put the token of the newest sign-in before the others."""
        tokens = dict.fromkeys((token, *self.tokens(request)))
        response.set_cookie(
            self.name,
            ".".join(list(tokens)[:MOST]),
            max_age=SECONDS,
            path="/",
            secure=True,
            httponly=True,
            samesite=self.same_site,
        )


DeviceCookieDep = Annotated[DeviceCookie, Depends(lasting(DeviceCookie))]

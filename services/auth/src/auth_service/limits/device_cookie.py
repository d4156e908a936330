"""The tokens of known devices (`limits.devices`) in a cookie that scripts cannot read."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from common.composition import lasting
from common.known_devices import COOKIE, HOST_COOKIE, ID_BYTES, MAC_BYTES, MOST

SECONDS: Final = 365 * 24 * 3600
UNMARKED: Final = (ID_BYTES + MAC_BYTES) * 4 // 3  # characters of a token before its mark


@dataclass(frozen=True, slots=True)
class DeviceCookie:
    """The tokens of the accounts that a browser has signed in to, the newest first.

    They choose a counter and give no access: any origin may send them.
    """

    https: bool
    same_site: Literal["strict", "lax", "none"]

    @property
    def name(self) -> str:
        return HOST_COOKIE if self.https else COOKIE

    def tokens(self, request: Request, in_body: str | None = None) -> tuple[str, ...]:
        """What the request presents, unverified; a token in the body comes first."""
        cookie = request.cookies.get(self.name, "").split(".")[:MOST]
        return tuple(token for token in (in_body, *cookie) if token)

    def add(self, response: Response, request: Request, token: str) -> None:
        """Put the token of the newest sign-in before the others."""
        # The same device may come with an older mark.
        others = (each for each in self.tokens(request) if each[:UNMARKED] != token[:UNMARKED])
        tokens = dict.fromkeys((token, *others))
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

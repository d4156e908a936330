"""How long an answer may be kept, decided in one place (RFC 9111, 5.2.2).

Who reads may keep what was read and asks each time whether it is still so, which costs a 304. What
is never to be kept says so at its route:

    router = APIRouter(prefix="/api/v1/auth/sessions", dependencies=[NEVER_STORED])

Answers to writes and problems are never kept. A handler that sets `Cache-Control` itself has the
last word, as that of the public keys does.
"""

from typing import Final

from fastapi import Depends, Response

HEADER: Final = "Cache-Control"
REVALIDATED: Final = "private, no-cache"
NO_STORE: Final = "no-store"


async def _never_stored(response: Response) -> None:
    response.headers[HEADER] = NO_STORE


NEVER_STORED: Final = Depends(_never_stored)

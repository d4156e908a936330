"""How soon a token is refused."""

from time import monotonic

import httpx

REVOKED_SECONDS = 1.0


def refused_after(client: httpx.Client) -> tuple[float, str]:
    """When the last request with a client's token begins that is accepted, and what ends it.

    A busy machine may take its time to answer the first one that is refused.
    """
    started = last_accepted = monotonic()
    while (began := monotonic()) - started < 5 * REVOKED_SECONDS:
        answer = client.get("/api/v1/auth/me")
        if answer.status_code == 401:
            return last_accepted - started, str(answer.json()["code"])
        last_accepted = began
    raise AssertionError("the token is still accepted")

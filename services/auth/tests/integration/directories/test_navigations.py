"""What is refused on the way through a directory: on a page in a browser, else as a problem."""

from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy.exc import OperationalError

from auth_service.limits.service import Limits
from auth_service.oidc.repository import UsedStates
from common.errors import Unavailable
from testkit.auth.api import Api
from testkit.auth.directories import (
    INVALID,
    OIDC,
    RETURN_URL,
    VERIFIER,
    Browser,
    HostileDirectory,
    challenge_of,
    provider,
    query_of,
    result,
    secrets_of,
)

OTHER_PAGE = "https://courts.example/signed-in"
PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHALLENGE = challenge_of(VERIFIER)


@pytest.fixture
def settings_changes(ministry: HostileDirectory) -> dict[str, Any]:
    known = provider("ministry", ministry.issuer)
    return {
        "oidc_providers": [known],
        "oidc_client_secrets": secrets_of(known),
        "oidc_return_urls": f"{RETURN_URL},{OTHER_PAGE}",
        "limit_login_ip": "1/60",
    }


@pytest.fixture
def shown(api: Api, clerk: str) -> Browser:
    """A browser that shows what it is answered."""
    assert clerk
    return Browser(api, accept=PAGE)


def address(name: str = "ministry", **query: str) -> str:
    return f"{OIDC}/{name}/start?{urlencode({'code_challenge': CHALLENGE} | query)}"


@pytest.mark.parametrize(
    "url",
    ["https://evil.example", "//evil.example", "javascript:alert(1)", f"{OTHER_PAGE}/../x",
     f"{OTHER_PAGE}?next=https://evil.example", f"{RETURN_URL}\r\nX: y", "", "\ud800"],
)  # fmt: skip
async def test_a_refused_address_is_shown_on_a_page_of_the_settings_and_nowhere_else(
    shown: Browser, browser: Browser, url: str
) -> None:
    query = urlencode({"return_to": url}, errors="surrogatepass")
    start = f"{address()}&{query}"
    answer = await shown.get(start)
    assert result(answer) == {"error": "return-url-refused"}
    assert "evil" not in str(answer.headers)
    assert answer.headers["Cache-Control"] == "no-store"
    refused = await browser.get(start)
    assert (refused.status_code, refused.json()["code"]) == (400, "return-url-refused")


@pytest.mark.parametrize(
    ("start", "status"),
    [
        (address("unknown", return_to=RETURN_URL), 404),
        (address("NO-ID", return_to=RETURN_URL), 422),
        (address(code_challenge="short", return_to=RETURN_URL), 422),
        (f"{OIDC}/ministry/callback?state={'x' * 65}", 422),
        (f"{OIDC}/unknown/callback?state=x", 404),
    ],
)
async def test_an_address_that_is_wrong_otherwise_says_that_only_a_new_beginning_helps(
    shown: Browser, browser: Browser, start: str, status: int
) -> None:
    assert (await browser.get(start)).status_code == status
    assert result(await shown.get(start)) == INVALID


async def test_where_the_page_is_allowed_the_refusal_is_shown_there(shown: Browser) -> None:
    answer = await shown.get(address("unknown", return_to=OTHER_PAGE))
    assert answer.headers["Location"] == f"{OTHER_PAGE}#error=sign-in-state-invalid"


async def test_too_many_answers_are_refused_on_the_page_of_the_sign_in(
    shown: Browser,
    browser: Browser,
    ministry: HostileDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = query_of(await shown.start("ministry", return_to=OTHER_PAGE))
    ministry.nonce = query["nonce"]
    given = {"state": query["state"], "code": "code-1", "iss": ministry.issuer}
    back = f"{query['redirect_uri']}?{urlencode(given)}"
    await browser.get(f"{OIDC}/ministry/callback?state=another")  # the one of this minute

    refused = await shown.back(back)
    assert refused.headers["Location"] == f"{OTHER_PAGE}#error=quota-exceeded"
    answered = await browser.back(back)
    assert (answered.status_code, answered.json()["code"]) == (429, "quota-exceeded")
    # The answer was not used up.
    monkeypatch.setattr(Limits, "login_address", _none)
    assert "#code=" in (await shown.back(back)).headers["Location"]


@pytest.mark.parametrize("error", [Unavailable(), OperationalError("SELECT 1", None, OSError())])
async def test_an_unavailable_database_is_shown_on_the_page(
    shown: Browser,
    browser: Browser,
    ministry: HostileDirectory,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    async def fail(*_: object) -> None:
        raise error

    query = query_of(await shown.start("ministry", return_to=OTHER_PAGE))
    back = f"{query['redirect_uri']}?{urlencode({'state': query['state'], 'code': 'code-1'})}"
    with monkeypatch.context() as broken:
        broken.setattr(UsedStates, "use", fail)
        broken.setattr(Limits, "login_address", _none)
        refused = await shown.back(back)
        assert refused.headers["Location"] == f"{OTHER_PAGE}#error=unavailable"
        browser.cookies |= shown.cookies
        assert (await browser.back(back)).status_code == 503
    assert ministry.forms == []


async def _none(*_: object) -> None:
    """No limit."""

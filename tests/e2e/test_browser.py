"""Pages of other origins in headless Chromium: an allowed one works, a forbidden one cannot.

A SameSite cookie goes along only when page and gateway have one scheme, so before a gateway with
TLS the pages have it too, with their own certificate.
"""

from collections.abc import Iterator

import pytest
from e2e.chromium import running_chromium
from e2e.frontends import ALLOWED_PORT, call, frontend
from e2e.targets import Target
from playwright.sync_api import Browser, BrowserContext, Cookie, Page

from gateway.traefik.certificates import Pair, make_pair

pytestmark = pytest.mark.e2e

BLOCKED = {"blocked": "TypeError"}


@pytest.fixture(scope="module")
def certificate(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Pair | None:
    """The frontends'; None where the gateway has none either."""
    if target.authority is None:
        return None
    folder = tmp_path_factory.mktemp("frontend")
    pair = Pair(folder / "frontend.pem", folder / "frontend-key.pem")
    make_pair(folder / "authority.pem", pair, ("localhost",))
    return pair


@pytest.fixture(scope="module")
def browser(target: Target, certificate: Pair | None) -> Iterator[Browser]:
    own = [] if certificate is None else [certificate.certificate.read_text()]
    with running_chromium(target, *own) as chromium:
        yield chromium


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of this test's own, whose pages share their cookies."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def allowed_page(context: BrowserContext, certificate: Pair | None) -> Iterator[Page]:
    with frontend(ALLOWED_PORT, certificate) as origin:
        page = context.new_page()
        page.goto(origin)
        yield page


@pytest.fixture
def forbidden_page(context: BrowserContext, certificate: Pair | None) -> Iterator[Page]:
    with frontend(0, certificate) as origin:
        page = context.new_page()
        page.goto(origin)
        yield page


@pytest.fixture
def gateway(target: Target) -> str:
    """As a browser on this machine calls it; pages of localhost are of the same site."""
    return target.url.replace("127.0.0.1", "localhost")


def credentials(target: Target) -> dict[str, str]:
    return {
        "email": "clerk@masijala.example",
        "password": target.password,
        "delivery": "cookie",
    }


def is_of_session(cookie: Cookie) -> bool:
    """Whether it is the session's, not the one by which a device is known again."""
    return not cookie["name"].endswith("masijala_device")


def test_a_page_of_an_allowed_origin_signs_in_works_refreshes_and_signs_out(
    target: Target, gateway: str, allowed_page: Page, context: BrowserContext
) -> None:
    page = allowed_page
    signed_in = call(page, "POST", f"{gateway}/api/v1/auth/login", credentials(target))
    assert signed_in["status"] == 200, signed_in
    assert "refresh_token" not in signed_in["body"], "scripts never see it"
    device, session = sorted(context.cookies(f"{gateway}/api/v1/auth/refresh"), key=is_of_session)
    assert not is_of_session(device)
    assert is_of_session(session)
    assert device["httpOnly"]
    assert session["httpOnly"]
    assert page.evaluate("document.cookie") == ""

    bearer = f"Bearer {signed_in['body']['access_token']}"
    cases = call(page, "GET", f"{gateway}/api/v1/cases?limit=1", Authorization=bearer)
    assert cases["status"] == 200
    assert cases["requestId"], "exposed to scripts"
    assert cases["limit"]

    refreshed = call(page, "POST", f"{gateway}/api/v1/auth/refresh", X_CSRF="1")
    assert refreshed["status"] == 200, refreshed
    bearer = f"Bearer {refreshed['body']['access_token']}"
    assert call(page, "GET", f"{gateway}/api/v1/cases", Authorization=bearer)["status"] == 200

    left = call(page, "POST", f"{gateway}/api/v1/auth/logout", Authorization=bearer, X_CSRF="1")
    assert left["status"] == 204, left
    remaining = context.cookies(f"{gateway}/api/v1/auth/refresh")
    assert [cookie["name"] for cookie in remaining] == [device["name"]], "it gives no access"
    ended = call(page, "GET", f"{gateway}/api/v1/cases", Authorization=bearer)
    assert (ended["status"], ended["body"]["code"]) == (401, "token-revoked")
    assert call(page, "POST", f"{gateway}/api/v1/auth/refresh", X_CSRF="1")["status"] == 401


def test_a_page_of_a_forbidden_origin_can_neither_sign_in_nor_use_the_others_session(
    target: Target, gateway: str, allowed_page: Page, forbidden_page: Page
) -> None:
    signed_in = call(allowed_page, "POST", f"{gateway}/api/v1/auth/login", credentials(target))
    bearer = f"Bearer {signed_in['body']['access_token']}"

    login = f"{gateway}/api/v1/auth/login"
    assert call(forbidden_page, "POST", login, credentials(target)) == BLOCKED
    assert call(forbidden_page, "GET", f"{gateway}/api/v1/cases", Authorization=bearer) == BLOCKED
    assert call(forbidden_page, "GET", f"{gateway}/livez") == BLOCKED, "not even that is readable"
    refresh = f"{gateway}/api/v1/auth/refresh"
    assert call(forbidden_page, "POST", refresh, X_CSRF="1") == BLOCKED
    # Without a custom header the call needs no preflight: it is sent, cookie and all.
    assert call(forbidden_page, "POST", refresh) == BLOCKED
    assert call(forbidden_page, "POST", f"{gateway}/api/v1/auth/logout") == BLOCKED

    still = call(allowed_page, "POST", refresh, X_CSRF="1")
    assert still["status"] == 200, "none of it has touched the session"

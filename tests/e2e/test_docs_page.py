"""`/docs` in headless Chromium: who signs in there can try every operation out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from e2e.chromium import running_chromium
from e2e.targets import Target
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

pytestmark = pytest.mark.e2e

# Swagger UI reads the whole description before it shows anything; a busy machine drags that out.
SHOWN_MS = 60_000
FILES = {
    "": "text/html",
    "/page.css": "text/css",
    "/page.js": "text/javascript",
    "/swagger-ui.css": "text/css",
    "/swagger-ui-bundle.js": "text/javascript",
    "/favicon-32x32.png": "image/png",
}


def note_complaints(page: Page, origin: str) -> list[str]:
    """What the browser complains of from now on, requests to other origins among it."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # The browser itself notes every refused request there.
        if "the server responded with a status of 401" not in message.text:
            complaints.append(message.text)

    def see(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:")):
            complaints.append(request.url)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", see)
    return complaints


@dataclass(frozen=True, slots=True)
class Docs:
    """The page, and what a user does there."""

    page: Page

    def sign_in(self, password: str) -> None:
        self.page.get_by_label("Email").fill("clerk@masijala.example")
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def sign_in_for_tokens(self, password: str) -> dict[str, Any]:
        with self.page.expect_response("**/api/v1/auth/login") as answer:
            self.sign_in(password)
        tokens: dict[str, Any] = answer.value.json()
        expect(self.page.get_by_text("Signed in as clerk@masijala.example")).to_be_visible()
        return tokens

    def open_operation(self) -> None:
        """Unfold "List cases"."""
        self.page.locator("h3.opblock-tag[data-tag='cases' i]").click()
        self.page.get_by_role("button", name=re.compile("List cases")).first.click()
        self.page.get_by_role("button", name="Try it out").click(timeout=SHOWN_MS)

    def execute(self) -> int:
        """Press the button; gives the status."""
        with self.page.expect_response(re.compile(r"/api/v1/cases(\?|$)")) as answer:
            self.page.get_by_role("button", name="Execute").click()
        shown = self.page.locator(".live-responses-table .response .response-col_status")
        expect(shown).to_have_text(re.compile(f"^{answer.value.status}"), timeout=SHOWN_MS)
        return answer.value.status


@pytest.fixture(scope="module")
def browser(target: Target) -> Iterator[Browser]:
    with running_chromium(target) as chromium:
        yield chromium


@pytest.fixture
def docs(target: Target, browser: Browser) -> Iterator[Docs]:
    """The page, all of it shown; fails at the end when the browser has complained."""
    context = browser.new_context()
    page = context.new_page()
    complaints = note_complaints(page, target.url)
    page.goto(f"{target.url}/docs")
    expect(page.get_by_label("Email")).to_be_visible(timeout=SHOWN_MS)
    yield Docs(page)
    context.close()
    assert complaints == []


def test_a_signed_in_user_can_call_an_operation(docs: Docs, target: Target) -> None:
    docs.sign_in_for_tokens(target.password)
    docs.open_operation()
    assert docs.execute() == 200
    body = docs.page.locator(".live-responses-table .microlight").first
    assert json.loads(body.inner_text())["items"]
    assert docs.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert docs.page.context.cookies() == []

    docs.page.get_by_role("button", name="Sign out").click()
    expect(docs.page.get_by_label("Email")).to_be_visible()
    assert docs.execute() == 401


def test_a_wrong_password_shows_its_problem(docs: Docs) -> None:
    docs.sign_in("not the password")
    expect(docs.page.get_by_role("status")).to_have_text("E-mail or password is wrong")
    expect(docs.page.get_by_label("Password")).to_be_visible()


def test_a_token_that_is_about_to_expire_is_renewed_by_the_next_request(
    docs: Docs, target: Target
) -> None:
    docs.sign_in_for_tokens(target.password)
    docs.open_operation()
    docs.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 3_600_000; }")
    with docs.page.expect_response("**/api/v1/auth/refresh") as renewed:
        assert docs.execute() == 200
    sent = docs.page.locator(".curl-command")
    assert renewed.value.json()["access_token"] in sent.inner_text()


def test_a_session_that_was_ended_elsewhere_asks_to_sign_in_again(
    docs: Docs, target: Target, anyone: httpx.Client
) -> None:
    tokens = docs.sign_in_for_tokens(target.password)
    docs.open_operation()
    refresh_token = {"refresh_token": tokens["refresh_token"]}
    assert anyone.post("/api/v1/auth/logout", json=refresh_token).status_code == 204
    assert docs.execute() == 401
    expect(docs.page.get_by_role("status")).to_have_text("Your session has ended: sign in again.")
    expect(docs.page.get_by_label("Password")).to_be_visible()


@pytest.mark.parametrize(("name", "media_type"), FILES.items())
def test_each_file_has_its_type_and_is_revalidated(
    anyone: httpx.Client, name: str, media_type: str
) -> None:
    answer = anyone.get(f"/docs{name}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].split(";")[0] == media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    known = {"If-None-Match": answer.headers["ETag"]}
    assert anyone.get(f"/docs{name}", headers=known).status_code == 304


@pytest.mark.parametrize("name", ["/", "/index.html", "/__init__.py", "/page.js/", "/x"])
def test_other_names_are_not_found(anyone: httpx.Client, name: str) -> None:
    assert anyone.get(f"/docs{name}").status_code == 404

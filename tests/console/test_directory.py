"""Signing in through a directory: by its button, its page, and back to the page that was wanted."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import httpx
import pytest
from console.accounts import Account, require_factor_now, with_app, with_password, with_printed_code
from console.visiting import Visit
from playwright.sync_api import Page, expect

from devstack.servers.ports import LOOPBACK
from devstack.stack import Stack
from testkit.auth.directories import RealDirectory, query_of
from testkit.auth.factors import App

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]
BUTTON: Final = "Sign in with The Judiciary"
# The provider's own page has its looks from there, which no test needs.
LOOKS: Final = "https://cdn.jsdelivr.net/**"


@pytest.fixture
def at_the_door(visit: Visiting, judiciary: RealDirectory, stack: Stack) -> Callable[..., Visit]:
    """Opens the console, from where people go to the directory."""

    def open_console(path: str = "/", url: str = stack.base_url) -> Visit:
        guest = visit(path=path, url=url, elsewhere=(judiciary.issuer, stack.base_url))
        guest.context.route(LOOKS, lambda route: route.abort())
        return guest

    return open_console


def known_there(judiciary: RealDirectory, account: Account) -> None:
    judiciary.put(account.email, email=account.email, email_verified=True)


def go_through(page: Page, subject: str) -> None:
    """By the button to the directory, and there by its form."""
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_a_user_comes_back_signed_in_to_the_page_that_was_wanted(
    at_the_door: Visiting, api: Api, judiciary: RealDirectory
) -> None:
    account = with_printed_code(api("admin"))
    known_there(judiciary, account)
    user = at_the_door("/find")
    page = user.page
    expect(page.get_by_role("button", name="Sign in with The Ministry")).to_be_visible()
    assert user.violations_in_all_looks() == []

    go_through(page, account.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Find")
    assert "code" not in page.url
    assert page.evaluate("sessionStorage.getItem('masijala-directory-sign-in')") is None
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Find")

    page.goto(f"{user.url}/account")
    expect(page.get_by_role("table", name="Sessions").get_by_role("row")).to_have_count(1)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()


def test_a_second_factor_is_shown_or_set_up_as_after_a_password(
    at_the_door: Visiting, api: Api, judiciary: RealDirectory, stack: Stack
) -> None:
    has_one, needs_one = with_password(api("admin")), with_password(api("admin"), "admin")
    app, _ = with_app(api("admin"), has_one)
    require_factor_now(stack, needs_one)
    for account in (has_one, needs_one):
        known_there(judiciary, account)

    # By its name this machine is another host than the one that the directory sends people to.
    user = at_the_door("/find", url=stack.base_url.replace(LOOPBACK, "localhost"))
    page = user.page
    go_through(page, has_one.email)
    code = page.get_by_label("Code of your authenticator app")
    code.fill(app.code(datetime.now(UTC), 1))
    assert user.violations_in_all_looks() == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Find")
    page.get_by_role("button", name="Sign out").click()

    go_through(page, needs_one.email)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    app = App(page.locator("pre").inner_text())
    code.fill(app.code(datetime.now(UTC)))
    page.keyboard.press("Enter")
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Find")


def expect_refusal(user: Visit, text: str) -> None:
    """The message, above a form that is ready for the next try."""
    expect(user.page.get_by_role("alert")).to_contain_text(text)
    expect(user.page.get_by_label("E-mail")).to_be_focused()
    expect(user.page.get_by_role("button", name=BUTTON)).to_be_visible()
    assert user.violations() == []


def test_a_directory_that_does_not_answer_is_named_and_the_password_works(
    at_the_door: Visiting, stack: Stack
) -> None:
    user = at_the_door()
    user.page.get_by_role("button", name="Sign in with The Ministry").click()
    expect_refusal(user, "The directory cannot be reached")
    assert user.violations_in_all_looks() == []
    user.page.get_by_label("Language").select_option("sw")
    expect(user.page.get_by_role("alert")).to_contain_text("haipatikani kwa sasa")
    user.page.get_by_label("Lugha").select_option("en")
    user.sign_in("clerk@masijala.example", stack.password)


def test_what_a_directory_or_its_user_refuses_is_shown(
    at_the_door: Visiting, judiciary: RealDirectory
) -> None:
    user = at_the_door()
    page = user.page
    for error, text in (
        ("access_denied", "cancelled at the directory"),
        ("server_error", "The directory refused the sign-in"),
    ):
        page.get_by_role("button", name=BUTTON).click()
        page.get_by_placeholder("sub").wait_for()
        there = query_of(page.url)
        answer = {"error": error, "state": there["state"], "iss": judiciary.issuer}
        page.goto(f"{there['redirect_uri']}?{urlencode(answer)}")
        expect_refusal(user, text)

    # This provider forgets which sign-in it is.
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("button", name="Deny").click()
    expect_refusal(user, "This sign-in is no longer valid")

    judiciary.put("stranger", email="stranger@masijala.example", email_verified=True)
    go_through(page, "stranger")
    expect_refusal(user, "No account here belongs to the one at the directory")


def test_an_answer_counts_once_and_in_the_tab_that_has_begun(
    at_the_door: Visiting, api: Api, judiciary: RealDirectory
) -> None:
    account = with_printed_code(api("admin"))
    known_there(judiciary, account)
    user = at_the_door()
    page = user.page
    with page.expect_request("**/callback?*") as answered:
        go_through(page, account.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    page.goto(answered.value.url)
    expect_refusal(user, "This sign-in is no longer valid")

    page.evaluate("sessionStorage.clear()")
    page.route("**/oidc/token", lambda route: route.abort())
    page.goto(f"{user.url}/signed-in#code=of-another-tab")
    page.reload()
    expect_refusal(user, "This sign-in is no longer valid")


def test_what_is_refused_before_the_directory_is_shown_on_the_page_too(
    at_the_door: Visiting,
) -> None:
    user = at_the_door()
    start = f"{user.url}/api/v1/auth/oidc/judiciary/start"
    for query, error, text in (
        (
            {"code_challenge": "x" * 43, "return_to": "https://evil.example"},
            "return-url-refused",
            "may not end at the page",
        ),
        ({"code_challenge": "short"}, "sign-in-state-invalid", "no longer valid"),
    ):
        user.page.goto(f"{start}?{urlencode(query)}")
        expect(user.page).to_have_url(f"{user.url}/signed-in#error={error}")
        expect_refusal(user, text)

    user.page.goto(f"{user.url}/signed-in#error=quota-exceeded")
    user.page.reload()
    expect_refusal(user, "too many sign-ins in a short time")

"""Second factors: set up, required, shown again, and what replaces them."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
from console.accounts import (
    age_sessions,
    require_factor_now,
    with_password,
    with_printed_code,
)
from console.visiting import Visit
from e2e.letters import PASSWORD
from e2e.test_passkeys import AUTHENTICATOR
from playwright.sync_api import Page, expect

from devstack.servers.ports import LOOPBACK
from devstack.stack import Stack
from testkit.auth.factors import App

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]


def app_of(page: Page) -> App:
    """An authenticator app with the key that the page shows."""
    return App(page.locator("pre").inner_text())


def codes_of(page: Page) -> list[str]:
    """The recovery codes that the page shows, read and closed."""
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    codes = page.locator("pre").inner_text().split("\n")
    page.get_by_role("button", name="I have kept them").click()
    return codes


def set_up_app(page: Page) -> tuple[App, list[str]]:
    page.get_by_role("button", name="Set up an authenticator app").click()
    app = app_of(page)
    page.get_by_role("textbox", name="Code", exact=True).fill(app.code(datetime.now(UTC)))
    page.get_by_role("button", name="Confirm").click()
    return app, codes_of(page)


def test_a_printed_code_leads_to_a_password_an_app_and_recovery_codes(
    visit: Visiting, api: Api
) -> None:
    printed = with_printed_code(api("admin"))
    user = visit(path="/account")
    page = user.page
    user.enter(printed.email, printed.password)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("status")).to_contain_text("The password is set")
    user.sign_in(printed.email, PASSWORD)
    _, codes = set_up_app(page)
    expect(page.get_by_role("table", name="Second factor")).to_contain_text("Authenticator app")
    expect(page.get_by_text(f"Recovery codes left: {len(codes)}")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    user.enter(printed.email, PASSWORD)
    expect(page.get_by_label("Code of your authenticator app")).to_be_focused()
    assert user.violations_in_all_looks() == []
    page.keyboard.type("000000\n")
    expect(page.get_by_role("alert")).to_contain_text("not valid")
    page.get_by_role("button", name="Back to the sign-in").click()
    user.enter(printed.email, PASSWORD)
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(codes[0].lower())
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Recovery codes left: {len(codes) - 1}")).to_be_visible()


def test_who_must_have_a_second_factor_sets_it_up_to_sign_in_and_reads_the_codes(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    account = with_password(api("admin"), "admin")
    require_factor_now(stack, account)
    user = visit(path="/people")
    page = user.page
    user.enter(account.email, account.password)
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    app = app_of(page)
    assert user.violations_in_all_looks() == []
    page.get_by_label("Code of your authenticator app").fill(app.code(datetime.now(UTC)))
    page.keyboard.press("Enter")
    assert len(codes_of(page)) == 10
    expect(page.get_by_role("heading", level=1)).to_have_text("People")

    page.get_by_role("button", name="Sign out").click()
    user.enter(account.email, account.password)
    page.get_by_label("Code of your authenticator app").fill(app.code(datetime.now(UTC), 1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("People")


def test_what_needs_the_second_factor_again_asks_for_it_and_is_then_done(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    account = with_password(api("admin"))
    user = visit(path="/account")
    page = user.page
    user.sign_in(account.email, account.password)
    app, codes = set_up_app(page)
    age_sessions(stack, account)

    renew = page.get_by_role("button", name="New recovery codes")
    renew.click()
    dialog = page.get_by_role("dialog", name="Is it you?")
    expect(dialog.get_by_label("Code of your authenticator app")).to_be_focused()
    assert user.violations_in_all_looks() == []
    for _ in range(2):  # whether or not the dialog was opened before
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(renew).to_be_focused()
        expect(page.get_by_role("alert")).to_contain_text("Show your second factor")
        page.keyboard.press("Enter")
        expect(dialog.get_by_label("Code of your authenticator app")).to_be_focused()

    page.keyboard.type("000000\n")
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Code of your authenticator app").fill(app.code(datetime.now(UTC), 1))
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert not set(codes_of(page)) & set(codes)


def test_without_a_second_factor_the_password_is_required_again(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    account = with_password(api("admin"))
    user = visit(path="/account")
    page = user.page
    user.sign_in(account.email, account.password)
    expect(page.get_by_role("table", name="Sessions")).to_be_visible()
    age_sessions(stack, account)

    page.get_by_role("button", name="End all other sessions").click()
    dialog = page.get_by_role("dialog", name="Is it you?")
    expect(dialog.get_by_label("Current password")).to_be_focused()
    page.keyboard.type(f"{account.password}\n")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("table", name="Sessions").get_by_role("row")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_passkey_is_added_signs_in_alone_and_is_shown_again(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    account = with_password(api("admin"))
    user = visit(path="/account", url=stack.base_url.replace(LOOPBACK, "localhost"))
    page = user.page
    devtools = user.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    user.sign_in(account.email, account.password)
    page.get_by_role("button", name="Add a passkey").click()
    codes_of(page)
    factors = page.get_by_role("table", name="Second factor")
    expect(factors).to_contain_text("Passkey")

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(factors).to_contain_text("Passkey")
    age_sessions(stack, account)
    factors.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("You have no second factor.")).to_be_visible()


def test_at_an_address_no_browser_has_passkeys_and_none_are_offered(visit: Visiting) -> None:
    page = visit().page
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)

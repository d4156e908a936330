"""Account: sessions, and the rest of what is one's own."""

from collections.abc import Callable

from console.visiting import Visit
from playwright.sync_api import expect

Visiting = Callable[..., Visit]


def test_a_user_ends_another_session_which_leads_it_to_the_sign_in(visit: Visiting) -> None:
    other = visit("clerk", "/account", user_agent="Chromium of the court room")
    mine = visit("clerk", "/account")
    expect(mine.page.get_by_role("table", name="Activity")).to_contain_text("Sign-in")
    expect(mine.page.get_by_text("You have no second factor.")).to_be_visible()
    assert mine.violations_in_all_looks() == []

    row = mine.page.get_by_role("row").filter(has_text="Chromium of the court room").first
    row.get_by_role("button", name="End").click()
    expect(row).to_be_hidden()
    other.page.reload()
    expect(other.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_current_password_is_refused_in_words(visit: Visiting) -> None:
    page = visit("clerk", "/account").page
    page.get_by_label("Current password").fill("not the password")
    page.get_by_label("New password").fill("A-longer-new-password-7")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert").first).to_contain_text("password")


def test_an_authenticator_app_is_offered_as_a_picture_and_as_a_key(visit: Visiting) -> None:
    admin = visit("admin", "/account")
    admin.page.get_by_role("button", name="Set up an authenticator app").click()
    expect(admin.page.get_by_role("img", name="The key as a picture to scan")).to_be_visible()
    admin.page.get_by_role("button", name="Copy").click()
    expect(admin.page.get_by_role("button", name="Copied")).to_be_visible()
    assert admin.violations_in_all_looks() == []

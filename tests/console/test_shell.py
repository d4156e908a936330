"""Signing in, and the shell that all pages share."""

from collections.abc import Callable

import httpx
import pytest
from console.visiting import Visit
from playwright.sync_api import expect

from devstack.stack import Stack

Visiting = Callable[..., Visit]


def test_a_clerk_signs_in_and_sees_the_shell(visit: Visiting) -> None:
    guest = visit()
    expect(guest.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert guest.violations_in_all_looks() == []

    clerk = visit("clerk")
    expect(clerk.page.get_by_role("heading", level=1)).to_be_focused()
    assert clerk.violations_in_all_looks() == []


def test_a_wrong_password_is_shown_with_its_request_id(visit: Visiting) -> None:
    guest = visit()
    guest.page.get_by_label("E-mail").fill("clerk@masijala.example")
    guest.page.get_by_label("Password").first.fill("not the password")
    guest.page.keyboard.press("Enter")
    alert = guest.page.get_by_role("alert")
    expect(alert).to_contain_text("E-mail or password is wrong")
    expect(alert).to_contain_text("Request ID")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/cases/new", 200), ("/docs/x", 404), ("/assets/x.js", 404), ("/elsewhere", 404)],
)
def test_the_console_answers_for_its_own_paths_alone(stack: Stack, path: str, status: int) -> None:
    answer = httpx.get(f"{stack.base_url}{path}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html") == (status == 200)

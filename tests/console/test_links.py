"""Pages that links in letters lead to, which people follow without a session."""

from collections.abc import Callable
from uuid import uuid4

import httpx
from console.visiting import Visit
from e2e.letters import PASSWORD, mailed_token
from e2e.targets import Processes
from playwright.sync_api import expect

from devstack.stack import Stack

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]


def invite(api: Api, stack: Stack) -> tuple[str, str]:
    """The address of a new user, and the secret of the letter to it."""
    email = f"wanja-{uuid4().hex[:8]}@masijala.example"
    body = {"email": email, "name": "Wanja Kamau"}
    made = api("admin").post("/users", json=body, headers={"Idempotency-Key": email})
    assert made.status_code == 201, made.text
    return email, mailed_token(Processes(stack), email)


def test_an_invited_user_sets_a_password_and_signs_in(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    email, token = invite(api, stack)
    guest = visit(path=f"/set-password#token={token}")
    guest.page.get_by_label("New password").fill("short")
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("alert")).to_contain_text("Request ID")
    assert guest.violations_in_all_looks() == []

    guest.page.get_by_label("New password").fill(f" {PASSWORD} ")
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("status")).to_contain_text("The password is set")
    guest.sign_in(email, f" {PASSWORD} ")
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Today")


def test_a_forgotten_password_and_a_link_that_is_no_longer_valid(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    email, invitation = invite(api, stack)
    guest = visit()
    guest.page.get_by_role("button", name="Forgotten the password?").click()
    guest.page.get_by_label("E-mail").fill(email)
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("status")).to_contain_text("a letter with a link")
    assert mailed_token(Processes(stack), email, after=invitation)

    late = visit(path="/undo-email#token=not-a-token")
    assert late.violations_in_all_looks() == []
    late.page.get_by_role("button", name="Undo the change").click()
    expect(late.page.get_by_role("alert")).to_contain_text("Request ID")

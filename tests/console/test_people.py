"""People: users with their grants and sessions, and the audit log."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
from console.accounts import (
    ISSUER,
    age_sessions,
    link_directory_account,
    lock_password,
    sign_in,
    with_app,
    with_password,
)
from console.visiting import Visit
from playwright.sync_api import expect

from devstack.stack import Stack

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]


def test_an_administrator_adds_a_user_and_reads_it_in_the_audit(visit: Visiting) -> None:
    admin = visit("admin", "/people")
    page = admin.page
    dialog = page.get_by_role("dialog")
    expect(page.get_by_role("table", name="Users")).to_contain_text("clerk@masijala.example")
    assert admin.violations_in_all_looks() == []

    page.get_by_role("button", name="Add a user").click()
    dialog.get_by_label("Name").fill("Amina Njeri")
    dialog.get_by_label("E-mail").fill(f"amina-{uuid4().hex[:8]}@masijala.example")
    dialog.get_by_label("Role").select_option("Clerk")
    dialog.get_by_role("combobox", name="At", exact=True).select_option("Testville")
    dialog.get_by_label("Last day").fill("2030-06-30")
    assert admin.violations() == []
    dialog.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Amina Njeri")
    grants = page.get_by_role("table", name="Grants")
    expect(grants.get_by_role("row", name="Testville")).to_contain_text("end of 30 Jun 2030")
    # The mail goes out while the page is open, which then shows the invitation.
    expect(page.get_by_text("Invited")).to_be_visible(timeout=30_000)

    page.get_by_role("button", name="Change the end").click()
    dialog.get_by_label("Last day").fill("2031-01-31")
    dialog.get_by_role("button", name="Change the end").click()
    expect(grants).to_contain_text("end of 31 Jan 2031")
    assert admin.violations_in_all_looks() == []

    page.get_by_role("link", name="What happened to this account").click()
    audit = page.get_by_role("table", name="Audit of accounts")
    expect(audit).to_contain_text("Grant changed")
    expect(audit).to_contain_text("User added")
    expect(audit.get_by_role("link", name="Amina Njeri").first).to_be_visible()
    expect(audit.get_by_text("In the chain at").first).to_be_visible()
    assert admin.violations_in_all_looks() == []
    page.get_by_label("Action").select_option("User added")
    expect(audit.get_by_role("row")).to_have_count(1)
    with page.expect_download() as export:
        page.get_by_role("button", name="Export").click()
    assert "user-create" in export.value.path().read_text()


def test_an_administrator_prints_a_code_and_anonymises_a_user(visit: Visiting) -> None:
    admin = visit("admin", "/people")
    page = admin.page
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Add a user").click()
    dialog.get_by_label("Name").fill("Juma Otieno")
    dialog.get_by_label("E-mail").fill(f"juma-{uuid4().hex[:8]}@masijala.example")
    dialog.get_by_role("combobox", name="At", exact=True).select_option("All courts")
    dialog.get_by_role("button", name="Send the invitation").click()

    page.get_by_role("button", name="One-time code").click()
    dialog.get_by_role("button", name="One-time code").click()
    sheet = dialog.get_by_role("status")
    expect(sheet).to_contain_text("One-time code for Juma Otieno")
    assert admin.violations_in_all_looks() == []
    page.emulate_media(media="print")
    expect(page.locator("#root")).to_be_hidden()
    expect(sheet.locator("pre")).to_be_visible()
    page.emulate_media(media="screen")
    dialog.get_by_role("button", name="Close").click()

    for action in ("Deactivate", "Anonymise"):
        page.get_by_role("button", name=action).click()
        dialog.get_by_role("button", name=action).click()
        expect(dialog).to_have_count(0)
    expect(page.get_by_text("No grant: the user sees nothing.")).to_be_visible()
    expect(page.get_by_text("Juma Otieno")).to_have_count(0)


def client_of(admin: httpx.Client, name: str) -> dict[str, Any]:
    """A service client by its name."""
    items: list[dict[str, Any]] = admin.get("/service-clients").json()["items"]
    return next(each for each in items if each["client_id"] == name)


def test_an_administrator_groups_courts_and_gives_programs_access(
    visit: Visiting, api: Api
) -> None:
    admin = visit("admin", "/people/groups")
    page = admin.page
    dialog = page.get_by_role("dialog")
    group = f"Coast {uuid4().hex[:6]}"
    page.get_by_role("button", name="Add a group").click()
    dialog.get_by_label("Name").fill(group)
    dialog.get_by_role("combobox", name="Courts").fill("Testville")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert admin.violations() == []
    dialog.get_by_role("button", name="Add a group").click()
    expect(page.get_by_role("article", name=group)).to_contain_text("Testville")

    page.get_by_role("link", name="Service clients").click()
    name = f"reports-{uuid4().hex[:6]}"
    page.get_by_role("button", name="Add a client").click()
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Scopes").fill("registry:read")
    dialog.get_by_label("Services").fill("core")
    dialog.get_by_role("button", name="Add a client").click()
    first = dialog.get_by_role("status").locator("pre").text_content()
    dialog.get_by_role("button", name="Close").click()
    client = page.get_by_role("article", name=name)
    assert admin.violations_in_all_looks() == []
    client.get_by_role("button", name="New secret").click()
    dialog.get_by_role("button", name="New secret").click()
    expect(dialog.get_by_role("status").locator("pre")).not_to_have_text(first or "")
    dialog.get_by_role("button", name="Close").click()

    client.get_by_role("button", name="Change").click()
    dialog.get_by_label("Scopes").fill("registry:read, registry:write")
    path = f"/service-clients/{client_of(api('admin'), name)['id']}"
    colleague = {"If-Match": f'"{client_of(api("admin"), name)["version"]}"'}
    changed = api("admin").patch(path, json={"scopes": []}, headers=colleague)
    assert changed.status_code == 200, changed.text
    dialog.get_by_role("button", name="Change").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Changed in the meantime")
    dialog.get_by_role("button", name="Replace it by mine").click()
    expect(client).to_contain_text("may registry:read, registry:write at core")
    client.get_by_role("button", name="Deactivate").click()
    dialog.get_by_role("button", name="Deactivate").click()
    expect(client).to_contain_text("Deactivated")
    assert not client_of(api("admin"), name)["is_active"]

    client.get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(client).to_have_count(0)


def test_roles_of_directory_groups_are_given_and_accounts_unlinked(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    account = with_password(api("admin"))
    link_directory_account(stack, account, ISSUER)
    admin = visit("admin", "/people/directories")
    page = admin.page
    dialog = page.get_by_role("dialog")
    group = f"clerks-{uuid4().hex[:6]}"
    page.get_by_role("button", name="Give a group a role").click()
    dialog.get_by_label("Group").fill(group)
    dialog.get_by_label("Role").select_option("Clerk")
    dialog.get_by_role("combobox", name="At", exact=True).select_option("Testville")
    assert admin.violations() == []
    dialog.get_by_role("button", name="Give a group a role").click()
    mapping = page.get_by_role("article", name=group)
    expect(mapping).to_contain_text("Clerk at Testville")
    expect(mapping).to_contain_text("The Ministry")
    assert admin.violations_in_all_looks() == []
    mapping.get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(mapping).to_have_count(0)

    page.goto(f"{stack.base_url}/people/{account.id}")
    accounts = page.get_by_role("table", name="Directory accounts")
    expect(accounts).to_contain_text("The Ministry")
    assert admin.violations() == []
    accounts.get_by_role("button", name="Unlink").click()
    dialog.get_by_role("button", name="Unlink").click()
    expect(accounts).to_have_count(0)


def test_users_are_found_by_state_and_events_by_request_and_address(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    locked, off = with_password(api("admin")), with_password(api("admin"))
    lock_password(stack, locked)
    any_version = {"If-Match": "*"}
    done = api("admin").patch(f"/users/{off.id}", json={"is_active": False}, headers=any_version)
    assert done.status_code == 200, done.text
    admin = visit("admin", "/people")
    page = admin.page
    users = page.get_by_role("table", name="Users")
    for state, found, other in (("Locked", locked, off), ("Deactivated", off, locked)):
        page.get_by_label("State").select_option(state)
        expect(users).not_to_contain_text(other.email)
        expect(users).to_contain_text(found.email)
    page.get_by_label("State").select_option("May sign in")
    expect(users).not_to_contain_text(off.email)
    page.get_by_label("Name or e-mail").fill(locked.email)
    expect(users.get_by_role("row")).to_have_count(1)
    assert admin.violations_in_all_looks() == []

    page.get_by_role("link", name="Audit of accounts").click()
    page.get_by_label("Request ID").fill(done.headers["X-Request-ID"])
    events = page.get_by_role("table", name="Audit of accounts")
    expect(events.get_by_role("row")).to_have_count(1)
    expect(events).to_contain_text("User deactivated")
    assert admin.violations_in_all_looks() == []
    events.get_by_role("link", name="127.0.0.1").click()
    expect(page.get_by_label("IP address")).to_have_value("127.0.0.1")
    expect(page.get_by_label("Request ID")).to_have_value("")
    expect(events).to_contain_text("User added")


def test_a_user_who_cannot_sign_in_is_unlocked_signed_out_and_rid_of_a_lost_factor(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    helper, account = with_password(api("admin"), "admin"), with_password(api("admin"))
    _, token = with_app(api("admin"), account)
    lock_password(stack, account)
    admin = visit(path=f"/people/{account.id}")
    admin.sign_in(helper.email, helper.password)
    page = admin.page
    dialog = page.get_by_role("dialog")
    expect(page.get_by_text("Locked after failed sign-ins")).to_be_visible()
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("Locked after failed sign-ins")).to_have_count(0)
    assert sign_in(api("admin"), account).json()["code"] == "factor-required"

    sessions = page.get_by_role("table", name="Sessions")
    expect(sessions.get_by_role("row")).to_have_count(1)
    page.get_by_role("button", name="End all sessions").click()
    dialog.get_by_role("button", name="End all sessions").click()
    expect(page.get_by_text("There is no session.")).to_be_visible()
    refused = api("admin").get("/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 401

    age_sessions(stack, helper)
    page.get_by_role("button", name="Reset the second factor").click()
    dialog.get_by_role("button", name="Reset the second factor").click()
    presence = page.get_by_role("dialog", name="Is it you?")
    expect(presence.get_by_label("Current password")).to_be_focused()
    assert admin.violations() == []
    page.keyboard.type(f"{helper.password}\n")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Reset the second factor")).to_have_count(0)
    assert sign_in(api("admin"), account).status_code == 200

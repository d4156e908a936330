"""A line that fails: it is shown, what was typed stays, and the work goes on when it is back."""

from collections.abc import Callable
from uuid import uuid4

import httpx
from console.cases import first
from console.visiting import Visit
from playwright.sync_api import expect

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]


def test_what_was_sent_without_a_network_is_done_once_when_it_is_back(
    visit: Visiting, api: Api
) -> None:
    testville = first(api("clerk"), "/courts", name="Testville")
    clerk = visit("clerk", "/cases/new")
    page = clerk.page
    page.get_by_label("Court").select_option(testville["id"])
    page.get_by_label("Register").first.fill("HCCC")
    number = f"E{uuid4().int % 1_000_000}"
    page.get_by_label("Number").fill(number)
    clerk.context.set_offline(True)
    expect(page.get_by_role("status")).to_contain_text("No connection")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_label("Number")).to_have_value(number)
    assert clerk.violations() == []

    clerk.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"HCCC {number}")
    expect(page.get_by_role("status").filter(has_text="No connection")).to_have_count(0)


def test_a_line_that_breaks_loses_nothing_that_was_typed(visit: Visiting, api: Api) -> None:
    testville = first(api("clerk"), "/courts", name="Testville")
    clerk = visit("clerk", "/cases/new")
    page = clerk.page
    page.get_by_label("Court").select_option(testville["id"])
    page.get_by_label("Register").first.fill("HCCC")
    number = f"E{uuid4().int % 1_000_000}"
    page.get_by_label("Number").fill(number)
    clerk.context.route("**/api/v1/**", lambda route: route.abort())
    register = page.get_by_role("button", name="Register")
    register.click()
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    expect(page.get_by_label("Number")).to_have_value(number)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert").filter(has_text="No connection")).to_have_count(2)

    clerk.context.unroute("**/api/v1/**")
    register.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"HCCC {number}")

"""The keyboard alone: where the focus goes, that it is seen, and that it comes back."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from console.accounts import with_password
from console.cases import register
from console.visiting import PHONE, Visit
from playwright.sync_api import Page, expect

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]
# How each element looks without the focus, to be compared with how it looks with it.
LOOKS = """() => {
  window.look = (each) => {
    for (const change of each.getAnimations()) change.finish();
    const {outlineStyle, boxShadow, borderColor} = getComputedStyle(each);
    return [outlineStyle, boxShadow, borderColor].join();
  };
  document.body.tabIndex = -1;
  document.body.focus();
  window.all = [...document.querySelectorAll("*")];
  window.before = new Map(all.map((each) => [each, look(each)]));
}"""
FOCUS = """() => {
  const here = document.activeElement;
  // A segment is its label, as its field is hidden; a password has its eye in its frame.
  const framed = here.closest(".mantine-PasswordInput-input") ?? here;
  const drawn = here.type === "radio" ? here.labels[0] : framed;
  const {left, right} = drawn.getBoundingClientRect();
  const seen = look(drawn) !== before.get(drawn) && right > left && right > 0 && left < innerWidth;
  return {place: all.indexOf(here), seen, html: here.outerHTML.slice(0, 200)};
}"""


def walk(page: Page, most: int = 60) -> list[dict[str, Any]]:
    """Tab from the beginning of the page until the focus leaves it."""
    page.evaluate(LOOKS)
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops.append(page.evaluate(FOCUS))
    return stops


@pytest.mark.parametrize("path", ["/today", "/find", "/returns", "/account"])
def test_the_focus_goes_through_a_page_in_order_and_is_seen(
    visit: Visiting, api: Api, path: str
) -> None:
    # The clerk of all tests may have more sessions than the walk has steps.
    account = with_password(api("admin"), "data_entry")
    user = visit(path=path)
    user.sign_in(account.email, account.password)
    page = user.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    stops = walk(page)
    places = [stop["place"] for stop in stops]
    assert "skip-link" in str(stops[0]["html"])
    assert places == sorted(places)
    assert [stop["html"] for stop in stops if not stop["seen"]] == []


def test_a_link_of_the_navigation_leads_to_the_heading_of_its_page(visit: Visiting) -> None:
    page = visit("clerk", "/today").page
    page.get_by_role("link", name="Returns").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Returns")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    page.set_viewport_size(PHONE)
    expect(page.get_by_role("link", name="Find", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Find", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("link", name="Find", exact=True)).to_have_count(0)


def test_dialogs_hold_the_focus_and_give_it_back(visit: Visiting, api: Api) -> None:
    case = register(api("clerk"))
    page = visit("admin", f"/cases/{case['id']}").page
    dialog = page.get_by_role("dialog")
    for name in ("Change", "Seal", "Transfer"):
        opener = page.get_by_role("button", name=name, exact=True)
        opener.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        for _ in range(8):
            page.keyboard.press("Tab")
            assert dialog.evaluate("(shown) => shown.contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()

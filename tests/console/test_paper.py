"""What is printed: figures, cases and cause lists in light colours, without what is for screens."""

from collections.abc import Callable

import httpx
from console.cases import TODAY, listed_today, register
from console.visiting import Visit
from playwright.sync_api import Page, expect

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]
# An A4 sheet without its margins, in CSS pixels.
SHEET = {"width": 718, "height": 1047}
TOO_WIDE = """(width) => [...document.querySelectorAll("main *")]
  .filter((each) => each.getBoundingClientRect().right > width)
  .map((each) => each.outerHTML.slice(0, 200))"""
PAPER = "getComputedStyle(document.body).backgroundColor"


def put_on_paper(page: Page) -> None:
    """As the browser lays it out; its own printing tells the page as well, which tests do here."""
    page.set_viewport_size({"width": SHEET["width"], "height": SHEET["height"]})
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


def check_paper(page: Page) -> None:
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_label("Pages")).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_count(0)
    assert page.evaluate(TOO_WIDE, SHEET["width"]) == []


def test_figures_are_printed_light_with_chart_and_table_and_nothing_else(
    visit: Visiting, api: Api
) -> None:
    register(api("clerk"), filed_on=f"{TODAY}")
    admin = visit("admin", f"/figures?period={TODAY:%Y-%m}", color_scheme="dark")
    page = admin.page
    expect(page.get_by_role("img", name="Chart of Caseload matrix")).to_be_visible()
    dark = page.evaluate(PAPER)
    put_on_paper(page)
    check_paper(page)
    expect(page.get_by_role("table", name="Caseload matrix")).to_be_visible()
    expect(page.get_by_role("img", name="Chart of Caseload matrix")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(PAPER) == dark

    # Chromium's own printing sends the events too.
    page.evaluate("addEventListener('beforeprint', () => { document.title = 'printed'; })")
    assert page.pdf(format="A4").startswith(b"%PDF")
    expect(page).to_have_title("printed")


def test_a_case_and_a_cause_list_are_printed(visit: Visiting, api: Api) -> None:
    case = listed_today(api("clerk"))
    clerk = visit("clerk", f"/cases/{case['id']}", color_scheme="dark")
    page = clerk.page
    expect(page.get_by_role("table", name="Timeline")).to_be_visible()
    put_on_paper(page)
    check_paper(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(case["number"])
    expect(page.get_by_role("table", name="Timeline")).to_be_visible()

    page.goto(f"{clerk.url}/today?court={case['court']['id']}")
    expect(page.get_by_role("region", name=case["number"])).to_be_visible()
    put_on_paper(page)
    check_paper(page)

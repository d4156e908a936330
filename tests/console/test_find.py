"""Find: any spelling of a number, filters that are addresses, the keyboard alone."""

from collections.abc import Callable

import httpx
from console.cases import register
from console.visiting import Visit
from playwright.sync_api import expect

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]


def test_any_spelling_of_a_number_opens_its_case_by_keyboard(visit: Visiting, api: Api) -> None:
    case = register(api("clerk"), number="E4711")
    year = case["filed_year"]
    clerk = visit("clerk", "/find")
    expect(clerk.page.get_by_role("searchbox")).to_be_focused()
    clerk.page.keyboard.type(f"hccc e 4711/{year}")
    expect(clerk.page.get_by_role("article").first).to_contain_text(case["number"])
    assert clerk.violations_in_all_looks() == []

    clerk.page.keyboard.press("Enter")
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text(case["number"])


def test_filters_are_an_address_that_survives_a_sign_in(visit: Visiting, api: Api) -> None:
    made = [register(api("clerk"))["number"] for _ in range(3)]
    clerk = visit("clerk", "/find?status=pending&sort=-number")
    expect(clerk.page.get_by_label("Status")).to_have_value("pending")
    for number in made:
        expect(clerk.page.get_by_role("link", name=number)).to_be_visible()

    clerk.page.get_by_label("Status").select_option("disposed")
    for number in made:
        expect(clerk.page.get_by_role("link", name=number)).to_have_count(0)
    assert "status=disposed" in clerk.page.url
    clerk.page.get_by_label("Filed from").fill("2099-01-01")
    expect(clerk.page.get_by_text("No case matches.")).to_be_visible()

"""Figures: the month in charts and tables, and the cases behind each number."""

import re
from collections.abc import Callable

import httpx
from console.cases import TODAY, register
from console.visiting import Visit
from playwright.sync_api import expect

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]


def test_an_administrator_opens_a_number_and_a_bar_of_the_month(visit: Visiting, api: Api) -> None:
    case = register(api("clerk"), filed_on=f"{TODAY}")
    admin = visit("admin", "/figures")
    page = admin.page
    page.get_by_label("Period").select_option(f"{TODAY:%Y-%m}")
    table = page.get_by_role("table", name="Caseload matrix")
    row = table.get_by_role("row").filter(has_text="Testville")
    expect(page.get_by_role("img", name="Chart of Caseload matrix")).to_be_visible()
    assert admin.violations_in_all_looks() == []

    # The columns of the row: the cases active at the beginning, then the new ones.
    row.get_by_role("cell").nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Caseload matrix: New")
    expect(page.get_by_role("link", name=case["number"])).to_be_visible()
    assert admin.violations_in_all_looks() == []

    page.go_back()
    page.locator(".recharts-bar-rectangle path").first.click()
    expect(page.get_by_role("link", name=case["number"])).to_be_visible()
    page.get_by_role("link", name=case["number"]).click()
    expect(page).to_have_url(re.compile(case["id"]))


def test_figures_are_as_known_on_a_day_and_saved_as_files(visit: Visiting, api: Api) -> None:
    register(api("clerk"), filed_on=f"{TODAY}")
    page = visit("admin", f"/figures?period={TODAY:%Y-%m}").page
    expect(page.get_by_role("table")).to_be_visible()
    page.get_by_label("Court", exact=True).select_option("Testville")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Report of the month, CSV").click()
    assert f"{TODAY:%Y-%m}" in saved.value.suggested_filename

    page.get_by_label("As known on").fill("2001-01-01")
    expect(page.get_by_text("No case counts in this period.")).to_be_visible()


def test_a_figure_that_is_being_counted_is_requested_until_it_is(visit: Visiting, api: Api) -> None:
    register(api("clerk"), filed_on=f"{TODAY}")
    page = visit("admin", "/").page
    problem = {"status": 503, "code": "figure-being-counted", "title": "Being counted"}
    page.route(
        "**/api/v1/metrics/matrix?*",
        lambda route: route.fulfill(
            status=503, json=problem, content_type="application/problem+json"
        ),
        times=4,  # once more than other failures are tried
    )
    page.get_by_role("link", name="Figures").click()
    expect(page.get_by_role("status").filter(has_text="Counting…")).to_be_visible()
    expect(page.get_by_role("table", name="Caseload matrix")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Counting…")).to_have_count(0)

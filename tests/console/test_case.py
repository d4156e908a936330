"""Case: its facts and history, and what a clerk changes."""

from collections.abc import Callable

import httpx
from console.cases import TODAY, first, listed_today, register
from console.visiting import Visit
from playwright.sync_api import expect

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]


def test_a_case_shows_its_history_in_both_languages(visit: Visiting, api: Api) -> None:
    case = listed_today(api("clerk"))
    clerk = visit("clerk", f"/cases/{case['id']}")
    page = clerk.page
    expect(page.get_by_role("heading", level=1)).to_have_text(case["number"])
    expect(page.get_by_role("table", name="Timeline")).to_contain_text("Mention Date Given")
    assert clerk.violations_in_all_looks() == []

    page.get_by_role("tab", name="Hearings").click()
    expect(page.get_by_role("table", name="Hearings")).to_contain_text("Scheduled")
    page.get_by_label("Language").select_option("sw")
    expect(page.get_by_role("tab", name="Vikao")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "sw")


def test_a_change_that_a_colleague_was_faster_with_is_shown_side_by_side(
    visit: Visiting, api: Api
) -> None:
    case = register(api("clerk"))
    clerk = visit("clerk", f"/cases/{case['id']}")
    clerk.page.get_by_role("button", name="Change", exact=True).click()
    dialog = clerk.page.get_by_role("dialog")
    dialog.get_by_label("Filed on").fill("2026-03-03")
    match = {"If-Match": f'"{case["version"]}"'}
    api("admin").patch(f"/cases/{case['id']}", json={"filed_on": "2026-04-04"}, headers=match)

    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("3 Mar 2026")
    expect(dialog.get_by_role("alert")).to_contain_text("4 Apr 2026")
    assert clerk.violations() == []
    dialog.get_by_role("button", name="Replace it by mine").click()
    expect(dialog).to_have_count(0)
    assert api("clerk").get(f"/cases/{case['id']}").json()["filed_on"] == "2026-03-03"


def test_a_clerk_registers_a_case_and_proposes_its_transfer(visit: Visiting, api: Api) -> None:
    testville = first(api("clerk"), "/courts", name="Testville")
    clerk = visit("clerk", "/cases/new")
    page = clerk.page
    page.get_by_label("Court").select_option(testville["id"])
    page.get_by_label("Register").first.fill("HCCC")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"of {TODAY.year}")

    page.get_by_role("button", name="Transfer").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("Wrong court")
    page.get_by_role("dialog").get_by_role("button", name="Transfer").click()
    expect(page.get_by_role("status").filter(has_text="Proposed")).to_be_visible()


def test_an_administrator_seals_a_case_and_lifts_the_seal(visit: Visiting, api: Api) -> None:
    case = register(api("clerk"))
    page = visit("admin", f"/cases/{case['id']}").page
    notice = page.get_by_role("alert").filter(has_text="Sealed")
    for action in ("Seal", "Lift the seal"):
        page.get_by_role("button", name=action).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill("A minor")
        dialog.get_by_role("button", name=action).click()
        expect(dialog).to_have_count(0)
        expect(notice).to_have_count(1 if action == "Seal" else 0)


def test_a_judge_is_assigned_a_case_linked_and_a_record_taken_back(
    visit: Visiting, api: Api
) -> None:
    case, other = listed_today(api("clerk")), register(api("clerk"))
    admin = visit("admin", f"/cases/{case['id']}?tab=judges")
    page = admin.page
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Assign a judge").click()
    dialog.get_by_role("combobox", name="Judge", exact=True).select_option("Trial, Mary")
    dialog.get_by_label("Reason").fill("Part-heard")
    dialog.get_by_role("button", name="Assign a judge").click()
    judges = page.get_by_role("table", name="Judges")
    expect(judges).to_contain_text("Trial, Mary")
    judges.get_by_role("button", name="End").click()
    dialog.get_by_label("Reason").fill("On leave")
    dialog.get_by_role("button", name="End").click()
    expect(judges).to_contain_text("On leave")

    page.get_by_role("tab", name="Links").click()
    page.get_by_role("button", name="Link a case").click()
    dialog.get_by_label("Number of the other case").fill(other["number"])
    expect(dialog.get_by_role("combobox", name="Case", exact=True)).to_contain_text(other["number"])
    assert admin.violations() == []
    dialog.get_by_role("button", name="Link a case").click()
    link = page.get_by_role("link", name=other["number"])
    expect(link).to_be_visible()
    page.get_by_role("button", name=f"Remove: {other['number']}").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(link).to_have_count(0)

    page.get_by_role("tab", name="Timeline").click()
    timeline = page.get_by_role("table", name="Timeline")
    timeline.get_by_role("button", name="Correct").click()
    dialog.get_by_label("Details").fill("Heard in chambers")
    assert admin.violations() == []
    dialog.get_by_role("button", name="Correct").click()
    expect(dialog).to_have_count(0)
    assert admin.violations_in_all_looks() == []
    timeline.get_by_role("button", name="Void").click()
    dialog.get_by_label("Reason").fill("Of another case")
    dialog.get_by_role("button", name="Void").click()
    expect(timeline.get_by_role("button", name="Void")).to_have_count(0)

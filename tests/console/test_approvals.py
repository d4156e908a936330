"""Approvals and vocabulary: what administrators decide, with both sides shown."""

from collections.abc import Callable
from uuid import uuid4

import httpx
from console.cases import first
from console.visiting import Visit
from playwright.sync_api import expect

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]
COLUMNS = (
    "court,date_dd,date_mon,date_yyyy,caseid_type,caseid_no,filed_dd,filed_mon,filed_yyyy,"
    "case_type,judge_1,comingfor,outcome"
)


def send(api: httpx.Client, *judges: str) -> str:
    """A return with a case for each of these judges; the ID of its import."""
    rows = [
        f'Testville,3,Feb,2025,HCCC,E88{place},3,Feb,2025,Civil Suit,"{judge}",'
        "Registration/Filing,Case Registered/Filed"
        for place, judge in enumerate(judges)
    ]
    content = "\n".join([COLUMNS, *rows, ""]).encode()
    answer = api.post("/imports", files={"file": ("spellings.csv", content)})
    assert answer.status_code == 202, answer.text
    batch: str = answer.json()["id"]
    return batch


def create_judge(api: httpx.Client, surname: str) -> str:
    body = {"surname": surname, "given_names": "Ann", "cadre": "judge"}
    answer = api.post("/judges", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["display_name"]
    return name


def test_a_proposal_and_a_spelling_are_decided_and_their_rows_applied(
    visit: Visiting, api: Api
) -> None:
    batch = send(api("clerk"), "Sampel, John", "Triall, Mary")
    clerk = visit("clerk", f"/returns/{batch}")
    clerk.page.get_by_role("button", name="Repair row 1").click()
    clerk.page.get_by_label("What does “Sampel, John” mean?").select_option("Sample, John")
    clerk.page.get_by_role("button", name="Decide for all rows").click()
    expect(clerk.page.get_by_role("status").filter(has_text="Proposed")).to_be_visible()

    admin = visit("admin", "/approvals")
    meaning = admin.page.get_by_role("article", name="Decide what a spelling means")
    expect(meaning.get_by_role("row", name="Sampel, John")).to_contain_text("Sample, John")
    assert admin.violations_in_all_looks() == []
    meaning.get_by_label("Note to the proposer").fill("As in the roll")
    meaning.get_by_role("button", name="Accept").click()
    expect(meaning).to_have_count(0)

    admin.page.get_by_role("tab", name="Spellings").click()
    spelling = admin.page.get_by_role("article", name="Triall, Mary")
    expect(spelling).to_contain_text("1 row waits")
    expect(spelling.get_by_label("Means").locator("option:checked")).to_have_text("Trial, Mary")
    assert admin.violations_in_all_looks() == []
    spelling.get_by_role("button", name="Decide").click()
    expect(spelling).to_have_count(0)

    admin.page.goto(f"{admin.url}/returns/{batch}")
    expect(admin.page.get_by_role("status").filter(has_text="Applied")).to_be_visible()
    expect(admin.page.get_by_role("link", name="HCCC E880")).to_be_visible()


def test_judges_are_merged_after_a_preview_and_an_outcome_goes_out_of_use(
    visit: Visiting, api: Api
) -> None:
    wrong, right = create_judge(api("admin"), "Twyce"), create_judge(api("admin"), "Twice")
    admin = visit("admin", "/approvals?tab=judges")
    page = admin.page
    page.get_by_role("button", name=f"Merge {wrong}").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Into which record?").select_option(right)
    expect(dialog.get_by_role("row", name="name")).to_contain_text(right)
    assert admin.violations() == []
    dialog.get_by_role("button", name="Merge").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("article").filter(has_text=wrong)).to_contain_text("Merged")
    assert admin.violations_in_all_looks() == []

    page.get_by_role("tab", name="Vocabulary").click()
    page.get_by_label("List").select_option("Case types")
    case_type = page.get_by_role("article").last
    case_type.get_by_role("button", name="Take out of use").click()
    expect(case_type).to_contain_text("Not in use")
    assert admin.violations_in_all_looks() == []
    case_type.get_by_role("button", name="Use again").click()
    expect(case_type).not_to_contain_text("Not in use")
    assert first(api("admin"), "/case-types")["is_active"]


def test_an_entry_is_added_solves_the_spelling_that_waited_and_ends_by_a_date(
    visit: Visiting, api: Api
) -> None:
    surname = f"Mwamba{uuid4().hex[:5]}"
    batch = send(api("clerk"), f"{surname}e, Ruth")
    admin = visit("admin", "/approvals?tab=vocabulary")
    page = admin.page
    dialog = page.get_by_role("dialog")
    page.get_by_label("List").select_option("Judges")
    page.get_by_role("button", name="Add an entry").click()
    dialog.get_by_label("Surname").fill(surname)
    dialog.get_by_label("Given names").fill("Ruth")
    dialog.get_by_label("Cadre").select_option("Judge")
    dialog.get_by_role("button", name="Add an entry").click()
    spelling = dialog.get_by_role("article", name=f"{surname}e, Ruth")
    expect(spelling.get_by_label("Means").locator("option:checked")).to_contain_text(surname)
    assert admin.violations_in_all_looks() == []
    spelling.get_by_role("button", name="Decide").click()
    expect(spelling).to_have_count(0)
    dialog.get_by_role("button", name="Close").last.click()
    page.goto(f"{admin.url}/returns/{batch}")
    expect(page.get_by_role("status").filter(has_text="Applied")).to_be_visible()
    page.goto(f"{admin.url}/approvals?tab=vocabulary")

    page.get_by_label("List").select_option("Outcomes")
    label = f"Trial outcome {uuid4().hex[:5]}"
    page.get_by_role("button", name="Add an entry").click()
    dialog.get_by_label("Text").fill(label)
    dialog.get_by_label("What it does to the case").select_option("no effect")
    dialog.get_by_label("In force from").fill("2026-01-01")
    dialog.get_by_role("button", name="Add an entry").click()
    dialog.get_by_role("button", name="Close").last.click()
    page.get_by_label("Find").fill(label)
    page.get_by_role("button", name=f"Change: {label}").click()
    dialog.get_by_label("No longer from").fill("2031-01-01")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article", name=label)).to_contain_text("no longer from 1 Jan 2031")

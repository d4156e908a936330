"""Returns: from the file to the registry, with what is repaired, chosen and reverted on the way."""

from collections.abc import Callable
from pathlib import Path

from console.visiting import Visit
from playwright.sync_api import Locator, expect

import devstack

Visiting = Callable[..., Visit]
SAMPLE = Path(devstack.__file__).parent / "samples" / "return-testville.csv"


def row(clerk: Visit, number: int) -> Locator:
    return clerk.page.get_by_role("row").filter(
        has=clerk.page.get_by_role("rowheader", name=f"Row {number}", exact=True)
    )


def send_and_check(clerk: Visit) -> None:
    clerk.page.get_by_label("File of the return").set_input_files(SAMPLE)
    expect(clerk.page.get_by_role("status").filter(has_text="Checked")).to_be_visible()


def test_the_sample_is_sent_repaired_applied_and_its_revert_proposed(visit: Visiting) -> None:
    clerk = visit("clerk", "/returns")
    page = clerk.page
    expect(page.get_by_role("heading", name="Sent so far")).to_be_visible()
    assert clerk.violations_in_all_looks() == []
    send_and_check(clerk)

    row(clerk, 6).get_by_role("button", name="Repair row 6").click()
    expect(row(clerk, 6)).to_contain_text("February 2025 has 28 days")
    row(clerk, 6).get_by_label("next_dd").fill("28")
    row(clerk, 6).get_by_role("button", name="Save the row").click()
    expect(row(clerk, 6)).to_contain_text("New")

    row(clerk, 9).get_by_role("button", name="Repair row 9").click()
    row(clerk, 9).get_by_label("What does ").select_option("Sample, John")
    assert clerk.violations_in_all_looks() == []
    row(clerk, 9).get_by_role("button", name="Use it in this row").click()
    expect(row(clerk, 9)).to_contain_text("New")

    page.get_by_role("tab", name="What would change").click()
    expect(row(clerk, 9)).to_contain_text("judge Sample, John")
    assert clerk.violations_in_all_looks() == []

    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Applied")).to_be_visible()
    page.get_by_role("tab", name="Rows", exact=True).click()
    expect(row(clerk, 6).get_by_role("link", name="HCCRC 7")).to_be_visible()
    page.get_by_role("button", name="Revert").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("Wrong month")
    page.get_by_role("dialog").get_by_role("button", name="Revert").click()
    expect(page.get_by_role("dialog")).to_contain_text("Proposed")

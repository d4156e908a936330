"""Today: the cause list, and recording what came of its hearings."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from console.cases import TODAY, first, listed_today, record
from console.visiting import Visit
from playwright.sync_api import Locator, Route, expect

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]


# What a browser says of a page that one returns to, which then reads its lists again.
COME_BACK = "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))"


def open_recorder(
    visit: Visiting, case: Mapping[str, Any], *, on_its_own_clock: bool = False
) -> tuple[Visit, Locator]:
    """The cause list with what is missing, and by the keyboard the row of this case."""
    clerk = visit("clerk", f"/today?court={case['court']['id']}&list=missing")
    if on_its_own_clock:
        clerk.context.clock.install()
        clerk.page.reload()
    row = clerk.page.get_by_role("region", name=case["number"])
    expect(clerk.page.get_by_role("form")).to_be_focused()
    for _ in range(clerk.page.get_by_role("region").count()):
        if row.get_by_role("form").count() == 0:
            clerk.page.keyboard.press("ArrowDown")
            expect(clerk.page.get_by_role("form")).to_be_focused()
    expect(row.get_by_role("form")).to_be_focused()
    return clerk, row


def test_three_keystrokes_record_an_outcome_and_the_next_date(visit: Visiting, api: Api) -> None:
    case = listed_today(api("clerk"))
    clerk, row = open_recorder(visit, case)
    assert clerk.violations_in_all_looks() == []

    for key in ("1", "2", "Enter"):
        clerk.page.keyboard.press(key)

    expect(row).to_have_count(0)
    now = api("clerk").get(f"/cases/{case['id']}").json()
    assert now["next_hearing_on"] == f"{TODAY + timedelta(weeks=2)}"
    assert now["adjournment_count"] == 1


def test_what_a_colleague_recorded_is_shown_side_by_side_and_can_be_replaced(
    visit: Visiting, api: Api
) -> None:
    case = listed_today(api("clerk"))
    clerk, row = open_recorder(visit, case, on_its_own_clock=True)
    for key in ("1", "4"):
        clerk.page.keyboard.press(key)
    record(api("admin"), case, "Directions Given")
    with clerk.page.expect_response("**/missing-outcomes*"):
        clerk.context.clock.fast_forward("01:00")
        clerk.page.evaluate(COME_BACK)
    entered = row.get_by_label("Next date")
    expect(entered).to_have_value(f"{TODAY + timedelta(weeks=4)}")
    clerk.page.keyboard.press("Enter")

    conflict = row.get_by_role("alert")
    expect(conflict).to_contain_text("Directions Given")
    assert clerk.violations() == []
    conflict.get_by_role("button", name="Replace it by mine").click()
    expect(row).to_have_count(0)
    now = api("clerk").get(f"/cases/{case['id']}").json()
    assert now["next_hearing_on"] == f"{TODAY + timedelta(weeks=4)}"


@pytest.mark.parametrize(
    ("theirs", "text"),
    [
        (None, "recorded the same at the same moment"),
        ("Directions Given", "has recorded this hearing in the meantime"),
    ],
)
def test_of_two_who_record_at_once_the_second_sees_the_first_and_loses_nothing(
    visit: Visiting, api: Api, theirs: str | None, text: str
) -> None:
    case = listed_today(api("clerk"))
    clerk, row = open_recorder(visit, case)
    mine = f"{TODAY + timedelta(weeks=3)}"

    def be_faster(route: Route) -> None:
        """Between the look whether a colleague has recorded it, and the request."""
        sent: dict[str, Any] = route.request.post_data_json or {}
        sent["next_on"] = f"{TODAY + timedelta(weeks=1)}"
        if theirs:
            sent["outcome_id"] = first(api("admin"), "/outcomes", label=theirs)["id"]
        key = {"Idempotency-Key": str(uuid4())}
        assert api("admin").post("/activities", json=sent, headers=key).status_code == 201
        route.continue_()

    clerk.page.route("**/api/v1/activities", be_faster, times=1)
    for key in ("1", "3", "Enter"):
        clerk.page.keyboard.press(key)

    conflict = row.get_by_role("alert")
    expect(conflict).to_contain_text(text)
    expect(row.get_by_label("Next date")).to_have_value(mine)
    conflict.get_by_role("button", name="Replace it by mine").click()
    expect(row).to_have_count(0)
    now = api("clerk").get(f"/cases/{case['id']}").json()
    assert (now["next_hearing_on"], now["adjournment_count"]) == (mine, 1)

"""Hearings through the API: set down by activities and by hand, printed, missed, counted."""

from typing import Any

import pytest
from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from common.writes import expected_version
from core_service.rebuild import rebuild
from testkit.core.api import Api
from testkit.core.registry import AMINA, TESTVILLE, activity_body, activity_type, case_body

DAY = "2026-06-15"


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    """A case that an activity has set down for the 15th."""
    case: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    await record(clerk, case, "2026-05-04", "Mention", "Hearing Date Set (In Court)", DAY)
    return case


async def record(
    clerk: Api, case: dict[str, Any], on: str, kind: str, outcome: str, next_on: str | None = None
) -> dict[str, Any]:
    body = activity_body(case["id"], on, kind, outcome) | {
        "next_on": next_on,
        "judge_ids": [str(AMINA)],
    }
    answer = await clerk.post("/activities", body)
    assert answer.status_code == 201, answer.text
    recorded: dict[str, Any] = answer.json()
    return recorded


async def hearings(api: Api, case: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await api.get(f"/cases/{case['id']}/hearings")).json()["items"]
    return items


async def cause_list(api: Api, **params: str) -> list[str]:
    answer = await api.get("/cause-lists", court=str(TESTVILLE), date=DAY, **params)
    return [item["number"] for item in answer.json()["items"]]


async def test_an_activity_schedules_a_hearing_and_a_later_one_records_its_outcome(
    clerk: Api, case: dict[str, Any]
) -> None:
    mention, planned = await hearings(clerk, case)

    assert (mention["status"], mention["planned"]) == ("heard", False)
    assert (planned["on"], planned["status"], planned["planned"]) == (DAY, "scheduled", True)
    assert await cause_list(clerk) == ["HCCC E014 of 2025"]


async def test_a_correction_moves_the_hearing_with_it(clerk: Api, case: dict[str, Any]) -> None:
    old = (await hearings(clerk, case))[1]
    body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")
    corrected = body | {"next_on": "2026-06-16", "supersedes": old["set_by"]}
    assert (await clerk.post("/activities", corrected)).status_code == 201

    assert [(item["on"], item["status"]) for item in await hearings(clerk, case)] == [
        ("2026-05-04", "heard"),
        (DAY, "vacated"),
        ("2026-06-16", "scheduled"),
    ]
    assert await cause_list(clerk) == []


async def calendar(clerk: Api) -> tuple[str, int]:
    """The status and the sequence of the one event of the day."""
    answer = await clerk.get("/cause-lists", court=str(TESTVILLE), date=DAY, format="ics")
    (status,) = (line for line in answer.text.splitlines() if line.startswith("STATUS"))
    (sequence,) = (line for line in answer.text.splitlines() if line.startswith("SEQUENCE"))
    return status.removeprefix("STATUS:"), int(sequence.removeprefix("SEQUENCE:"))


@pytest.mark.parametrize("how", ["moved", "closed", "corrected"])
async def test_a_hearing_that_does_not_take_place_is_cancelled_in_diaries(
    clerk: Api, case: dict[str, Any], core: Units, how: str
) -> None:
    status, sequence = await calendar(clerk)
    assert status == "CONFIRMED"
    if how == "moved":
        await record(clerk, case, "2026-05-11", "Mention", "Mention Date Given", "2026-06-22")
    elif how == "closed":
        await record(clerk, case, "2026-05-11", "Mention", "Matter Withdrawn")
    else:
        set_by = (await hearings(clerk, case))[1]["set_by"]
        body = activity_body(case["id"], "2026-05-04", "Mention", "Mention Date Given")
        corrected = body | {"next_on": "2026-06-16", "supersedes": set_by}
        assert (await clerk.post("/activities", corrected)).status_code == 201

    status, after = await calendar(clerk)
    assert (status, after > sequence) == ("CANCELLED", True)
    assert await cause_list(clerk) == []
    assert (await rebuild(core)).changed == 0


@pytest.mark.parametrize(
    ("kind", "outcome", "purpose"),
    [
        ("Mention", "Hearing Date Set (In Court)", "Hearing"),
        ("Mention", "Judgment Date Given", "Judgment"),
        ("Hearing", "Mention Date Given", "Mention"),
        ("Plea", "Adjourned", "Plea"),
        ("Mention", "Directions Given", None),
    ],
)
async def test_a_cause_list_says_what_each_hearing_was_set_down_for(
    clerk: Api, kind: str, outcome: str, purpose: str | None
) -> None:
    case = (await clerk.post("/cases", case_body())).json()
    await record(clerk, case, "2026-05-04", kind, outcome, DAY)
    params = {"court": str(TESTVILLE), "date": DAY}

    (item,) = (await clerk.get("/cause-lists", **params)).json()["items"]

    assert item["purpose"] == purpose
    as_csv = (await clerk.get("/cause-lists", **params, format="csv")).text
    assert as_csv.startswith("\ufeffdate,")
    assert outcome not in as_csv


@pytest.mark.usefixtures("case")
async def test_the_list_comes_as_csv_and_as_a_calendar(clerk: Api) -> None:
    params = {"court": str(TESTVILLE), "date": DAY}
    as_csv = await clerk.get("/cause-lists", **params, format="csv")
    as_ics = await clerk.call(
        "GET", "/cause-lists", params=params, headers={"Accept": "text/calendar"}
    )

    assert as_csv.headers["content-type"].startswith("text/csv")
    assert "HCCC E014 of 2025" in as_csv.text
    assert as_ics.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:HCCC E014 of 2025" in as_ics.text


async def test_a_cause_list_filters_by_judge_and_hides_what_the_caller_may_not_see(
    clerk: Api, outsider: Api, viewer: Api, core: Units, case: dict[str, Any]
) -> None:
    assert await cause_list(clerk, judge=str(AMINA)) == ["HCCC E014 of 2025"]
    assert await cause_list(clerk, judge=case["id"]) == []
    assert await cause_list(outsider) == []

    async with core.database.transaction() as session:
        await session.exec(text("UPDATE cases SET sealed = true"))  # type: ignore[call-overload]  # plain SQL
    assert await cause_list(viewer) == []
    assert await cause_list(clerk) == ["HCCC E014 of 2025"]
    period, on_day = {"from": DAY, "to": DAY}, {"court": str(TESTVILLE), "date": DAY}
    assert (await viewer.get("/diary-load", court=str(TESTVILLE), **period)).json()["items"] == []
    assert (await viewer.get("/missing-outcomes", **on_day)).json()["items"] == []
    load = (await clerk.get("/diary-load", court=str(TESTVILLE), **period)).json()["items"]
    assert [(day["total"], day["scheduled"]) for day in load] == [(1, 1)]
    assert load[0]["judge"]["display_name"] == "Example, Amina Wanja"


async def test_a_hearing_day_without_an_outcome_is_missing_until_one_is_recorded(
    clerk: Api, case: dict[str, Any], clock: FrozenClock
) -> None:
    params = {"court": str(TESTVILLE), "date": DAY}
    assert (await clerk.get("/missing-outcomes", **params)).json()["items"] == []  # yet to come
    clock.advance(hours=24 * 20)
    assert len((await clerk.get("/missing-outcomes", **params)).json()["items"]) == 1
    await record(clerk, case, DAY, "Hearing", "Part Heard")

    assert (await clerk.get("/missing-outcomes", **params)).json()["items"] == []
    assert (await hearings(clerk, case))[1]["status"] == "heard"


async def test_a_hearing_is_set_down_changed_and_vacated_by_hand(
    clerk: Api, case: dict[str, Any]
) -> None:
    purpose = str(activity_type("Plea"))
    body = {"case_id": case["id"], "on": "2026-06-20", "purpose_id": purpose}
    made = await clerk.post("/hearings", body, key="one-hearing")
    assert made.status_code == 201, made.text
    assert (await clerk.post("/hearings", body, key="one-hearing")).json() == made.json()
    assert made.json()["purpose"] == "Plea"

    path = f"/hearings/{made.json()['id']}"
    version = made.json()["version"]
    assert (await clerk.patch(path, {"vacated": True}, version=None)).status_code == 428
    assert (await clerk.patch(path, {"vacated": True}, version=version + 7)).status_code == 412
    vacated = await clerk.patch(path, {"vacated": True}, version=version)
    assert vacated.json()["status"] == "vacated"
    shown = await clerk.get(path)
    assert expected_version(shown.headers["etag"]) == vacated.json()["version"]


async def test_what_an_activity_says_is_not_changed_by_hand(
    clerk: Api, case: dict[str, Any]
) -> None:
    planned = (await hearings(clerk, case))[1]
    body = {"case_id": case["id"], "on": DAY}
    changed = await clerk.patch(
        f"/hearings/{planned['id']}", {"vacated": True}, version=planned["version"]
    )

    assert (await clerk.post("/hearings", body)).json()["code"] == "hearing-exists"
    assert changed.json()["code"] == "hearing-from-activity"
    invalid = await clerk.post("/hearings", body | {"on": "2026-01-02", "judge_id": case["id"]})
    assert {error["field"] for error in invalid.json()["errors"]} == {"on", "judge_id"}


async def test_a_diary_period_is_bounded(clerk: Api) -> None:
    params = {"court": str(TESTVILLE), "from": "2026-06-02", "to": "2026-06-01"}
    assert (await clerk.get("/diary-load", **params)).status_code == 400


async def test_a_rebuild_makes_the_same_hearings_again(
    clerk: Api, case: dict[str, Any], core: Units
) -> None:
    await clerk.post("/hearings", {"case_id": case["id"], "on": "2026-06-20"})
    before = await hearings(clerk, case)
    assert (await rebuild(core)).changed == 0

    async with core.database.transaction() as session:
        await session.exec(text("DELETE FROM hearings WHERE NOT is_manual"))  # type: ignore[call-overload]  # plain SQL
    assert (await rebuild(core)).changed == 1

    after = await hearings(clerk, case)
    unstable = {"id", "version"}
    assert [{**item, **dict.fromkeys(unstable)} for item in after] == [
        {**item, **dict.fromkeys(unstable)} for item in before
    ]

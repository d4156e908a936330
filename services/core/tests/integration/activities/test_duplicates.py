"""An activity that is there already: refused, unless the user says that it happened again."""

import asyncio
from typing import Any

import pytest

from testkit.core.api import Api
from testkit.core.registry import AMINA, JOHN, activity_body, case_body, outcome, reason

AGAIN = {"allow_duplicate": True}


@pytest.fixture
async def mention(clerk: Api) -> dict[str, Any]:
    """The body of an activity of a new case."""
    case = (await clerk.post("/cases", case_body())).json()
    body = activity_body(case["id"], "2026-03-02", "Mention", "Mention Date Given")
    return body | {"judge_ids": [str(AMINA)]}


async def live(api: Api, mention: dict[str, Any]) -> list[str]:
    path = f"/cases/{mention['case_id']}/activities"
    return [item["id"] for item in (await api.get(path, history="false")).json()["items"]]


async def test_of_four_that_are_the_same_the_first_is_recorded(
    clerk: Api, mention: dict[str, Any]
) -> None:
    answers = [await clerk.post("/activities", mention) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201, 409, 409, 409]
    recorded = answers[0].json()["id"]
    for answer in answers[1:]:
        assert answer.json()["code"] == "activity-exists"
        assert answer.json()["activity_id"] == recorded
    assert await live(clerk, mention) == [recorded]


async def test_of_four_that_are_sent_at_once_one_is_recorded(
    clerk: Api, mention: dict[str, Any]
) -> None:
    answers = await asyncio.gather(*(clerk.post("/activities", mention) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await live(clerk, mention)) == 1


async def test_of_two_who_record_different_outcomes_at_once_the_second_hears_of_the_first(
    clerk: Api, mention: dict[str, Any]
) -> None:
    version = (await clerk.get(f"/cases/{mention['case_id']}")).json()["version"]
    bodies = (mention, mention | {"outcome_id": str(outcome("Adjournment"))})
    seen = f'"{version}"'
    answers = await asyncio.gather(*(clerk.post("/activities", body, seen=seen) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [201, 412]
    (refused,) = (answer.json() for answer in answers if answer.status_code == 412)
    assert (refused["code"], refused["current_version"]) == ("precondition-failed", version + 1)
    assert len(await live(clerk, mention)) == 1


@pytest.mark.parametrize("tag", ['"x"', "3", 'W/"3"'])
async def test_what_is_no_etag_is_refused(clerk: Api, mention: dict[str, Any], tag: str) -> None:
    refused = await clerk.post("/activities", mention, seen=tag)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad-request")
    assert await live(clerk, mention) == []


async def test_what_differs_in_other_fields_alone_is_the_same_activity(
    clerk: Api, mention: dict[str, Any]
) -> None:
    await clerk.post("/activities", mention)
    more = {"details": "Sent again", "next_on": "2026-07-09", "reason_id": str(reason("Other"))}
    bench = {"judge_ids": [str(AMINA), str(JOHN)]}

    assert (await clerk.post("/activities", mention | more)).json()["code"] == "activity-exists"
    assert (await clerk.post("/activities", mention | bench)).json()["code"] == "activity-exists"


@pytest.mark.parametrize(
    "other",
    [
        {"activity_on": "2026-03-03"},
        activity_body("", "2026-03-02", "Hearing", "Mention Date Given"),
        {"outcome_id": str(outcome("Adjournment"))},
        {"outcome_id": None},
        {"judge_ids": [str(JOHN), str(AMINA)]},
        {"judge_ids": []},
    ],
    ids=["day", "purpose", "outcome", "no outcome", "lead judge", "no judge"],
)
async def test_another_day_purpose_outcome_or_lead_judge_is_another_activity(
    clerk: Api, mention: dict[str, Any], other: dict[str, Any]
) -> None:
    await clerk.post("/activities", mention)

    answer = await clerk.post("/activities", mention | other | {"case_id": mention["case_id"]})

    assert answer.status_code == 201, answer.text
    assert len(await live(clerk, mention)) == 2


async def test_an_activity_that_happened_twice_is_recorded_twice_when_the_user_says_so(
    clerk: Api, mention: dict[str, Any]
) -> None:
    await clerk.post("/activities", mention)

    again = await clerk.post("/activities", mention | AGAIN)

    assert (again.status_code, again.json()["seq"]) == (201, 2)
    assert len(await live(clerk, mention)) == 2


async def test_a_voided_or_corrected_activity_is_there_no_more(
    clerk: Api, admin: Api, mention: dict[str, Any]
) -> None:
    first = (await clerk.post("/activities", mention)).json()
    await admin.post(f"/activities/{first['id']}/void", {"reason": "Of another case"})
    second = await clerk.post("/activities", mention)
    assert second.status_code == 201, second.text
    changes = {"outcome_id": str(outcome("Adjournment"))}
    await clerk.patch(f"/activities/{second.json()['id']}", changes, version=1)

    assert (await clerk.post("/activities", mention)).status_code == 201


async def test_a_correction_may_say_the_same_again(clerk: Api, mention: dict[str, Any]) -> None:
    wrong = (await clerk.post("/activities", mention)).json()
    correction = mention | {"supersedes": wrong["id"], "details": "Parties were heard"}

    assert (await clerk.post("/activities", correction)).status_code == 201
    assert len(await live(clerk, mention)) == 1


async def test_a_row_of_a_day_s_list_that_is_there_already_is_named(
    clerk: Api, mention: dict[str, Any]
) -> None:
    recorded = (await clerk.post("/activities", mention)).json()["id"]

    answer = await clerk.post("/activities/batch", {"items": [mention, mention, mention | AGAIN]})

    items = answer.json()["items"]
    assert [item["verdict"] for item in items] == ["unchanged", "unchanged", "recorded"]
    assert [item["problem"] and item["problem"]["code"] for item in items] == [
        "activity-exists",
        "activity-exists",
        None,
    ]
    assert [item["activity_id"] for item in items[:2]] == [recorded, recorded]
    assert len(await live(clerk, mention)) == 2

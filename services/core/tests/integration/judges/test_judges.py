"""Postings, merges and unmerges, and the search for similar names."""

from typing import Any
from uuid import UUID

import pytest

from common.composition import Units
from common.identity import Role
from core_service.rebuild import rebuild
from testkit.core.api import Api
from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    JOHN,
    PLACEHOLDER,
    TESTVILLE,
    activity_body,
    case_body,
)
from testkit.core.returns import ReturnsClient


async def test_principal_postings_do_not_overlap(admin: Api) -> None:
    path = f"/judges/{AMINA}/postings"
    first = await admin.post(path, {"court_id": str(TESTVILLE), "from": "2026-01-01"})
    assert first.status_code == 201, first.text
    second = {"court_id": str(DEMOVILLE), "from": "2026-03-01"}
    assert (await admin.post(path, second)).json()["code"] == "posting-overlaps"
    assert (await admin.post(path, second | {"principal": False})).status_code == 201

    end = f"{path}/{first.json()['id']}"
    assert (await admin.patch(end, {"to": "2025-01-01"}, version=1)).json()["code"] == (
        "period-invalid"
    )
    ended = await admin.patch(end, {"to": "2026-03-01"}, version=1)
    assert (ended.status_code, ended.json()["to"]) == (200, "2026-03-01")
    assert (await admin.post(path, second)).status_code == 201
    postings = (await admin.get(path)).json()["items"]
    assert [posting["from"] for posting in postings] == ["2026-03-01", "2026-03-01", "2026-01-01"]


async def test_only_the_administrator_of_its_court_adds_a_posting(api: Api, admin: Api) -> None:
    here, there = api.user(Role.ADMIN, TESTVILLE), api.user(Role.ADMIN, DEMOVILLE)
    path = f"/judges/{AMINA}/postings"
    body = {"court_id": str(TESTVILLE), "from": "2026-01-01"}

    assert (await there.post(path, body)).status_code == 403
    posted = await here.post(path, body)
    assert posted.status_code == 201, posted.text
    end, ending = f"{path}/{posted.json()['id']}", {"to": "2026-03-01"}
    assert (await there.patch(end, ending, version=1)).status_code == 403
    assert (await here.patch(end, ending, version=1)).status_code == 200
    assert (await admin.patch(end, {"to": None}, version=2)).status_code == 200


async def test_postings_need_an_administrator_and_a_known_judge(admin: Api, clerk: Api) -> None:
    body = {"court_id": str(TESTVILLE), "from": "2026-01-01"}
    assert (await clerk.post(f"/judges/{AMINA}/postings", body)).status_code == 403
    assert (await admin.post(f"/judges/{TESTVILLE}/postings", body)).status_code == 404
    assert (await admin.get(f"/judges/{TESTVILLE}/postings")).status_code == 404
    backwards = body | {"to": "2025-01-01"}
    assert (await admin.post(f"/judges/{AMINA}/postings", backwards)).status_code == 422


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    """A case with activities of each judge, one of them with both."""
    case: dict[str, Any] = (await clerk.post("/cases", case_body())).json()
    for on, bench in (("2026-05-04", [JOHN]), ("2026-05-05", [JOHN, AMINA])):
        body = activity_body(case["id"], on, "Mention", "Mention Date Given")
        sat = body | {"judge_ids": [str(judge) for judge in bench]}
        assert (await clerk.post("/activities", sat)).status_code == 201
    return case


async def benches(api: Api, case: dict[str, Any]) -> list[list[str]]:
    items = (await api.get(f"/cases/{case['id']}/activities")).json()["items"]
    return [item["judge_ids"] for item in items]


async def lead(api: Api, case: dict[str, Any]) -> str:
    name: str = (await api.get(f"/cases/{case['id']}")).json()["lead_judge"]["id"]
    return name


async def test_a_merge_moves_everything_and_can_be_undone(
    admin: Api, case: dict[str, Any], core: Units
) -> None:
    before = await benches(admin, case)
    merged = await admin.post(f"/judges/{JOHN}/merge", {"into_id": str(AMINA)}, key="merge")
    assert merged.status_code == 201, merged.text
    counts = {"seat": 3, "case": 1, "assignment": 1, "hearing": 2, "new_alias": 1}
    assert merged.json()["moved"] == counts
    assert (await admin.post(f"/judges/{JOHN}/merge", {"into_id": str(AMINA)}, key="merge")).json()

    assert await benches(admin, case) == [[str(AMINA)], [str(AMINA)]]
    assert await lead(admin, case) == str(AMINA)
    assert (await admin.get(f"/judges/{JOHN}")).json()["merged_into_id"] == str(AMINA)
    assert (await rebuild(core)).changed == 0

    assert (await admin.post(f"/judges/{JOHN}/unmerge")).status_code == 200
    assert await benches(admin, case) == before
    assert await lead(admin, case) == str(JOHN)
    assert (await rebuild(core)).changed == 0
    assert (await admin.post(f"/judges/{JOHN}/unmerge")).json()["code"] == "judge-not-merged"


async def test_postings_move_unless_the_other_judge_is_posted_elsewhere_then(admin: Api) -> None:
    async def posted(judge: UUID) -> list[str]:
        items = (await admin.get(f"/judges/{judge}/postings")).json()["items"]
        return [item["from"] for item in items]

    for judge, court, period in (
        (JOHN, TESTVILLE, {"from": "2025-01-01", "to": "2025-06-01"}),
        (JOHN, TESTVILLE, {"from": "2026-01-01"}),
        (AMINA, DEMOVILLE, {"from": "2026-03-01"}),
    ):
        body = {"court_id": str(court)} | period
        assert (await admin.post(f"/judges/{judge}/postings", body)).status_code == 201

    merged = await admin.post(f"/judges/{JOHN}/merge", {"into_id": str(AMINA)})

    assert merged.json()["moved"]["posting"] == 1
    assert (await posted(JOHN), await posted(AMINA)) == (
        ["2026-01-01"],
        ["2026-03-01", "2025-01-01"],
    )
    assert (await admin.post(f"/judges/{JOHN}/unmerge")).status_code == 200
    assert await posted(JOHN) == ["2026-01-01", "2025-01-01"]


async def test_a_return_that_names_the_merged_judge_is_recorded_for_the_other(
    admin: Api, core: Units
) -> None:
    returns = ReturnsClient(core, admin)
    await admin.post(f"/judges/{JOHN}/merge", {"into_id": str(AMINA)})

    batch = await returns.bring({"judge_1": "sample,  john"})

    assert batch["counts"]["new"] == 1
    assert await lead(admin, await returns.case()) == str(AMINA)


@pytest.mark.parametrize("bench", [("Sample, John",), ("Sample, John", "Example, Amina Wanja")])
async def test_an_old_return_sent_again_after_a_merge_changes_nothing(
    admin: Api, core: Units, bench: tuple[str, ...]
) -> None:
    returns = ReturnsClient(core, admin)
    judges = {f"judge_{place}": name for place, name in enumerate(bench, start=1)}
    await returns.bring(judges)
    await admin.post(f"/judges/{JOHN}/merge", {"into_id": str(AMINA)})
    merged_version = (await returns.case())["version"]

    again = await returns.bring(judges, {"caseid_no": "E015"})

    assert await returns.results(again) == ["UNCHANGED", "NEW"]
    assert (await returns.case())["version"] == merged_version

    await admin.post(f"/judges/{JOHN}/unmerge")
    unmerged = await returns.bring(judges, {"caseid_no": "E016"})
    assert await returns.results(unmerged) == ["UNCHANGED", "NEW"]

    corrected = await returns.bring(judges | {"male_applicant": "2"}, {"caseid_no": "E017"})
    assert await returns.results(corrected) == ["CORRECTION", "NEW"]
    assert (await returns.case())["parties"]["male_applicant"] == 2


async def test_impossible_merges_are_refused(admin: Api, viewer: Api) -> None:
    async def tried(judge: Any, into: Any) -> str:
        answer = await admin.post(f"/judges/{judge}/merge", {"into_id": str(into)})
        code: str = answer.json()["code"]
        return code

    assert await tried(AMINA, AMINA) == "judge-merge-invalid"
    assert await tried(AMINA, PLACEHOLDER) == "judge-merge-invalid"
    assert await tried(TESTVILLE, AMINA) == "judge-not-found"
    assert (await admin.post(f"/judges/{JOHN}/merge", {"into_id": str(AMINA)})).is_success
    assert await tried(AMINA, JOHN) == "judge-merge-invalid"
    refused = await viewer.post(f"/judges/{AMINA}/merge", {"into_id": str(JOHN)})
    assert refused.status_code == 403


@pytest.mark.parametrize("typed", ["wanja", "EXAMPLE, Amina", "exampel", "amena wanja"])
async def test_a_misspelt_name_finds_the_judge(viewer: Api, typed: str) -> None:
    found = (await viewer.get("/judges", q=typed)).json()["items"]

    assert "Example, Amina Wanja" in [judge["display_name"] for judge in found]


async def test_a_dissimilar_name_finds_no_judge(viewer: Api) -> None:
    assert (await viewer.get("/judges", q="Zebedee")).json()["items"] == []


async def test_several_editions_of_a_time_standard_can_be_in_force(admin: Api) -> None:
    found = (await admin.get("/time-standards", q="Murder", limit="200")).json()["items"]
    assert {(row["edition"], row["days"]) for row in found} == {
        ("Kenya, before 2025", 360),
        ("Kenya 2025", 365),
    }
    everything = (await admin.get("/time-standards", limit="200", count="exact")).json()
    assert everything["total"] == 5 + 8 + 4 + 8 * 3 + 2 + 1 - 3 + 1
    body = {
        "edition": "Testville 2026",
        "label": "Murder",
        "percent": 90,
        "days": 200,
        "source": "us",
    }
    made = await admin.post("/time-standards", body)
    assert made.status_code == 201, made.text
    assert (await admin.post("/time-standards", body)).json()["code"] == "edition-overlaps"
    path = f"/time-standards/{made.json()['id']}"
    assert (await admin.patch(path, {"is_active": False}, version=1)).json()["is_active"] is False

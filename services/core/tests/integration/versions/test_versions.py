"""GET /cases/{id}/versions: who changed what, when, and from which file and row."""

from common.composition import Units
from testkit.core.api import Api
from testkit.core.returns import ReturnsClient


async def test_every_change_says_who_when_and_from_which_file_and_row(
    core: Units, admin: Api, clerk: Api, viewer: Api
) -> None:
    returns = ReturnsClient(core, admin)
    first = await returns.bring({}, mode="apply")
    second = await returns.bring({"male_applicant": "2", "outcome": "Adjournment"}, mode="apply")
    case = await returns.case()
    changed = await clerk.patch(
        f"/cases/{case['id']}",
        {"parties": {"female_defendant": 3}},
        version=case["version"],
    )
    assert changed.status_code == 200, changed.text

    items = (await viewer.get(f"/cases/{case['id']}/versions")).json()["items"]

    assert items[0]["kind"] == "registered"
    assert items[0]["source"] == {
        "kind": "import",
        "batch_id": first["id"],
        "filename": "return.csv",
        "row_no": 1,
    }
    corrected = [each for each in items if each["source"]["batch_id"] == second["id"]]
    assert {each["kind"] for each in corrected} == {"corrected", "changed"}
    assert all(each["by"]["id"] == str(admin.user_id) for each in corrected)
    facts = [each["changes"] for each in corrected if each["kind"] == "changed"]
    assert {"male_applicant": {"from": 1, "to": 2}} in facts
    last = items[-1]
    assert (last["version"], last["kind"]) == (changed.json()["version"], "changed")
    assert last["changes"] == {"female_defendant": {"from": 0, "to": 3}}
    assert (last["by"]["id"], last["source"]["kind"]) == (str(clerk.user_id), "manual")
    numbers = [each["version"] for each in items]
    assert numbers == sorted(numbers)

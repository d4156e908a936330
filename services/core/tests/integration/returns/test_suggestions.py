"""Each undecided spelling comes with what it may mean and how many rows wait for it."""

from common.identity import Role
from testkit.core.api import Api
from testkit.core.registry import AMINA, APPEAL, TESTVILLE
from testkit.core.returns import ReturnsClient

MISSPELT = {"judge_1": "Exampel, Amina Wanjah"}
STRANGE = {"judge_1": "Zzyzx, Qqqq"}


async def test_a_misspelt_judge_comes_with_the_judge_that_is_meant(returns: ReturnsClient) -> None:
    batch = await returns.bring(MISSPELT, STRANGE | {"date_dd": "25"})
    misspelt, strange = await returns.rows(batch)
    (issue,) = misspelt["issues"]
    likely = issue["candidates"][0]
    assert (likely["target_id"], likely["name"]) == (str(AMINA), "Example, Amina Wanja")
    assert 0.3 <= likely["score"] < 1
    assert len(issue["candidates"]) <= 3
    assert strange["issues"][0]["candidates"] == []
    listed = (await returns.api.get(f"/imports/{batch['id']}/issues")).json()["items"]
    assert listed[0]["candidates"] == issue["candidates"]


async def test_candidates_are_of_the_kind_that_is_looked_for(returns: ReturnsClient) -> None:
    batch = await returns.bring({"outcome": "Mention Date Givn"}, {"court": "Testvile"})
    outcome, court = await returns.rows(batch)
    assert outcome["issues"][0]["candidates"][0]["name"] == "Mention Date Given"
    assert court["issues"][0]["candidates"][0]["name"] == "Testville"


async def test_aliases_are_sorted_by_the_rows_that_wait(returns: ReturnsClient, admin: Api) -> None:
    days = [{"date_dd": str(day)} for day in (10, 11, 12)]
    await returns.bring(
        STRANGE, *(MISSPELT | day for day in days), {"outcome": "Unheard of", "date_dd": "26"}
    )
    query = {"state": "pending", "sort": "waiting"}
    aliases = (await admin.get("/aliases", **query)).json()["items"]
    assert [each["waiting_rows"] for each in aliases] == [3, 1, 1]
    assert aliases[0]["candidates"][0]["target_id"] == str(AMINA)
    first = (await admin.get("/aliases", **query, limit="1")).json()
    rest = (await admin.get("/aliases", **query, cursor=first["next_cursor"])).json()
    assert first["items"] + rest["items"] == aliases


async def test_only_rows_that_the_caller_sees_are_counted(returns: ReturnsClient, api: Api) -> None:
    elsewhere = {"court": "Testville Court of Appeal", "date_dd": "25"}
    await returns.bring(STRANGE, STRANGE | elsewhere, STRANGE | elsewhere | {"date_dd": "26"})
    for court, number in ((TESTVILLE, 1), (APPEAL, 2)):
        clerk = api.user(Role.DATA_ENTRY, court)
        (alias,) = (await clerk.get("/aliases", state="pending", sort="waiting")).json()["items"]
        assert alias["waiting_rows"] == number


async def test_a_decided_spelling_has_neither(returns: ReturnsClient, admin: Api) -> None:
    await returns.bring(MISSPELT)
    (alias,) = (await admin.get("/aliases", state="pending")).json()["items"]
    await admin.post(f"/aliases/{alias['id']}/accept", {"target_id": str(AMINA)})
    (alias,) = (await admin.get("/aliases", state="accepted")).json()["items"]
    assert (alias["waiting_rows"], alias["candidates"]) == (0, [])

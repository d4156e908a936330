"""Rows of an import that name a sealed case are for those who may see it."""

from typing import Any, Final

import pytest

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Grant, Role
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE, case_body
from testkit.core.returns import ReturnsClient, Sight
from testkit.core.tokens import Issuer

ELSEWHERE: Final = {"court": "Testville Court of Appeal"}
OF_HIGH_COURT: Final = "MARKER-ONE"
WHY: Final = {"reason": "Order of the court"}


@pytest.fixture
async def sealed(returns: ReturnsClient, admin: Api) -> dict[str, Any]:
    """A batch that names a sealed case: in a row that is known, one that waits, one refused."""
    await returns.bring({})
    case = await returns.case()
    sealed = await admin.post(f"/cases/{case['id']}/seal", WHY)
    assert sealed.is_success, sealed.text
    rows = [
        {"other_details": OF_HIGH_COURT},
        {"judge_1": OF_HIGH_COURT},
        {"filed_dd": "4", "date_dd": "26", "other_details": OF_HIGH_COURT},
        {"caseid_no": "E099", "date_dd": "26"},
    ]
    return (await returns.bring(*rows, mode="validate")) | {"case_id": case["id"]}


async def test_rows_of_a_validated_batch_name_the_cases_that_are_known(
    returns: ReturnsClient, sealed: dict[str, Any]
) -> None:
    rows = await returns.rows(sealed)
    assert [row["case_id"] for row in rows] == [sealed["case_id"]] * 3 + [None]
    assert [row["result"] for row in rows] == ["CORRECTION", "HELD", "NEW", "NEW"]


async def test_rows_that_name_a_sealed_case_are_hidden_from_those_who_may_not_see_it(
    returns: ReturnsClient, sealed: dict[str, Any], api: Api
) -> None:
    rows = [{"judge_1": OF_HIGH_COURT, "date_dd": "27"}, {"caseid_no": "E098"}, ELSEWHERE]
    batch = await returns.bring(*rows)
    writer = api.granted(
        Grant(Role.VIEWER, frozenset({TESTVILLE})),
        Grant(Role.DATA_ENTRY, frozenset({APPEAL})),
    )
    sight = await Sight.of(writer, batch)
    assert sight.row_nos == [2, 3]
    assert sealed["case_id"] not in sight.text
    assert OF_HIGH_COURT not in sight.text


async def test_a_service_sees_no_row_of_a_sealed_case_in_what_it_has_sent(
    sealed: dict[str, Any], api: Api, core: Units, issuer: Issuer, clock: FrozenClock
) -> None:
    assert sealed["case_id"]
    service = api.bearer(issuer.token(clock, scope="registry:write registry:read"))
    batch = await ReturnsClient(core, service).bring(
        {"date_dd": "27", "other_details": OF_HIGH_COURT}, {"caseid_no": "E097"}
    )
    sight = await Sight.of(service, batch)
    assert sight.row_nos == [2]
    assert OF_HIGH_COURT not in sight.text


async def test_what_is_refused_for_its_court_looks_the_same_whatever_that_court_holds(
    returns: ReturnsClient, sealed: dict[str, Any], outsider: Api
) -> None:
    assert sealed["case_id"]
    rows = [{"court": "Demoville"}, {"date_dd": "27"}, {"caseid_no": "E096", "date_dd": "27"}]
    batch = await returns.of(outsider).bring(*rows)
    sight = await Sight.of(outsider, batch)
    assert sight.row_nos == [1, 2, 3]
    refused = (await returns.of(outsider).rows(batch))[1:]
    same = [{name: row[name] for name in ("result", "case_id", "issues")} for row in refused]
    assert same[0] == same[1]
    assert same[0]["case_id"] is None


async def reads(admin: Api, case_id: str) -> list[str]:
    """Who is noted to have read the case, and by which operation."""
    params = {"entity": "cases", "action": "read", "entity_id": case_id}
    items = (await admin.get("/registry-audit-events", **params)).json()["items"]
    return [event["operation"] for event in items if event["actor"]["id"] != str(admin.user_id)]


@pytest.mark.parametrize("road", ["/rows", "/issues"])
async def test_an_administrators_reading_of_sealed_rows_is_in_the_audit(
    sealed: dict[str, Any], api: Api, admin: Api, clerk: Api, road: str
) -> None:
    reader = api.user(Role.ADMIN, TESTVILLE)
    before = await reads(admin, sealed["case_id"])
    await clerk.get(f"/imports/{sealed['id']}{road}")
    assert await reads(admin, sealed["case_id"]) == before
    answer = await reader.get(f"/imports/{sealed['id']}{road}")
    assert OF_HIGH_COURT in answer.text
    after = await reads(admin, sealed["case_id"])
    assert after[: len(after) - len(before)] == [f"GET /api/v1/imports/{{batch_id}}{road}"]


@pytest.mark.parametrize("road", ["/rows", "/issues"])
async def test_an_administrators_reading_of_rows_whose_case_was_sealed_since_is_in_the_audit(
    returns: ReturnsClient, api: Api, admin: Api, road: str
) -> None:
    batch = await returns.bring({"judge_1": "Unlisted Ann"})
    case = (await admin.post("/cases", case_body())).json()
    await admin.post(f"/cases/{case['id']}/seal", WHY)

    answer = await api.user(Role.ADMIN, TESTVILLE).get(f"/imports/{batch['id']}{road}")

    assert "Unlisted Ann" in answer.text
    assert await reads(admin, case["id"]) == [f"GET /api/v1/imports/{{batch_id}}{road}"]


async def test_a_row_that_waits_is_hidden_from_those_who_may_not_see_its_case_sealed_since(
    api: Api, admin: Api, returns: ReturnsClient
) -> None:
    batch = await returns.bring(
        {"judge_1": "Unlisted Ann", "other_details": OF_HIGH_COURT}, ELSEWHERE | {"date_dd": "25"}
    )
    case = (await admin.post("/cases", case_body())).json()
    assert (await admin.post(f"/cases/{case['id']}/seal", WHY)).status_code == 200
    held = (
        Grant(Role.DATA_ENTRY, frozenset({APPEAL})),
        Grant(Role.VIEWER, frozenset({TESTVILLE})),
    )

    seen = await Sight.of(api.granted(*held), batch)

    assert (seen.row_nos, OF_HIGH_COURT in seen.text) == ([2], False)
    assert (await Sight.of(returns.api, batch)).row_nos == [1, 2]
    assert (await Sight.of(api.user(Role.DATA_ENTRY, TESTVILLE), batch)).row_nos == [1]
    aliases = await api.granted(*held).get("/aliases", state="pending")
    assert aliases.json()["items"] == []

"""Rows of an import are for those who may read their court, on every road that shows them."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Grant, Role
from core_service.returns.processing import BatchProcessing
from testkit.core.api import Api
from testkit.core.registry import APPEAL, TESTVILLE, case_body
from testkit.core.returns import ReturnsClient, as_csv
from testkit.core.tokens import Issuer

ELSEWHERE: Final = {"court": "Testville Court of Appeal"}
OF_HIGH_COURT, OF_APPEAL, OF_NO_COURT = "MARKER-ONE", "MARKER-TWO", "MARKER-THREE"
WHY: Final = {"reason": "Order of the court"}
ROADS: Final = ("", "/rows", "/issues")


@pytest.fixture
def clerk_of_appeal(api: Api) -> Api:
    return api.user(Role.DATA_ENTRY, APPEAL)


@pytest.fixture
async def batch(returns: ReturnsClient) -> dict[str, Any]:
    """Rows of two courts and of one that is not known, each with an unknown judge."""
    return await returns.bring(
        {"other_details": OF_HIGH_COURT},
        {"judge_1": OF_HIGH_COURT, "date_dd": "25"},
        ELSEWHERE | {"other_details": OF_APPEAL},
        ELSEWHERE | {"judge_1": OF_APPEAL, "date_dd": "25"},
        {"court": "Unlisted Court", "other_details": OF_NO_COURT},
        {"date_dd": "x", "other_details": OF_NO_COURT},
        mode="validate",
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """What a caller is shown of a batch, on every road."""

    text: str
    row_nos: list[int]
    counts: dict[str, int]
    progress: dict[str, int]

    @classmethod
    async def of(cls, caller: Api, batch: dict[str, Any]) -> "Sight":
        path = f"/imports/{batch['id']}"
        answers = [await caller.get(f"{path}{road}", limit="200") for road in ROADS]
        answers.append(await caller.get("/imports"))
        found, rows = answers[0].json(), answers[1].json()
        (listed,) = [each for each in answers[-1].json()["items"] if each["id"] == batch["id"]]
        assert listed == found
        exact = (await caller.get(f"{path}/rows", count="exact", limit="1")).json()["total"]
        assert exact == len(rows["items"]) == found["counts"]["read"]
        return cls(
            "".join(answer.text for answer in answers),
            [row["row_no"] for row in rows["items"]],
            {name: count for name, count in found["counts"].items() if count},
            found["progress"],
        )


async def test_the_clerk_of_one_court_sees_and_counts_its_rows_alone(
    batch: dict[str, Any], clerk: Api, clerk_of_appeal: Api
) -> None:
    for caller, rows, marker, others in [
        (clerk, [1, 2], OF_HIGH_COURT, (OF_APPEAL, OF_NO_COURT)),
        (clerk_of_appeal, [3, 4], OF_APPEAL, (OF_HIGH_COURT, OF_NO_COURT)),
    ]:
        sight = await Sight.of(caller, batch)
        assert sight.row_nos == rows
        assert sight.counts == {"read": 2, "new": 1, "held": 1}
        assert sight.progress == {"done": 2, "total": 2}
        assert marker in sight.text
        assert not any(other in sight.text for other in others)


async def test_rows_whose_court_is_not_known_are_their_senders_and_of_those_who_see_all_courts(
    returns: ReturnsClient, batch: dict[str, Any], admin: Api, api: Api
) -> None:
    for caller in (returns.api, admin):
        sight = await Sight.of(caller, batch)
        assert sight.row_nos == [1, 2, 3, 4, 5, 6]
        assert sight.counts == {"read": 6, "new": 2, "held": 3, "rejected": 1}
        assert OF_NO_COURT in sight.text
    everywhere = await Sight.of(api.user(Role.DATA_ENTRY), batch)
    assert everywhere.row_nos == [1, 2, 3, 4]
    assert OF_NO_COURT not in everywhere.text


async def test_a_sender_sees_no_rows_of_a_court_that_was_taken_from_them(
    returns: ReturnsClient, batch: dict[str, Any], api: Api
) -> None:
    left = api.user(Role.DATA_ENTRY, TESTVILLE, user_id=returns.api.user_id)
    sight = await Sight.of(left, batch)
    assert sight.row_nos == [1, 2, 5, 6]
    assert OF_APPEAL not in sight.text


async def test_each_clerk_applies_the_rows_of_their_court_and_the_rest_waits(
    returns: ReturnsClient, batch: dict[str, Any], clerk: Api, clerk_of_appeal: Api, admin: Api
) -> None:
    accepted = await clerk.post(f"/imports/{batch['id']}/apply")
    assert (accepted.status_code, accepted.json()["counts"]["read"]) == (202, 2)
    assert (await returns.of(clerk).work_by(batch["id"], clerk))["state"] == "partial"
    sees_all = returns.of(admin)
    assert await sees_all.results(batch) == ["NEW", "HELD", "HELD", "HELD", "HELD", "REJECTED"]
    codes = await sees_all.codes(batch)
    assert codes[2] == ["COURT_TYPE_MISMATCH", "GRANT_MISSING"]
    assert codes[3] == ["JUDGE_UNKNOWN", "GRANT_MISSING"]
    assert (await returns.matrix())["new"] == 1

    assert (await clerk_of_appeal.post(f"/imports/{batch['id']}/apply")).status_code == 202
    await returns.of(clerk_of_appeal).work_by(batch["id"], clerk_of_appeal)
    assert await sees_all.results(batch) == ["NEW", "HELD", "NEW", "HELD", "HELD", "REJECTED"]
    assert (await sees_all.codes(batch))[3] == ["JUDGE_UNKNOWN"]
    counts = (await sees_all.batch(batch["id"]))["counts"]
    assert (counts["read"], counts["new"], counts["held"], counts["rejected"]) == (6, 2, 3, 1)


async def test_nothing_is_left_to_apply_for_those_none_of_whose_rows_wait(
    returns: ReturnsClient, clerk: Api, clerk_of_appeal: Api
) -> None:
    batch = await returns.bring({}, ELSEWHERE, mode="validate")
    await clerk.post(f"/imports/{batch['id']}/apply")
    await returns.work_by(batch["id"], clerk)
    refused = await clerk.post(f"/imports/{batch['id']}/apply")
    assert (refused.status_code, refused.json()["code"]) == (409, "import-not-ready")
    assert (await clerk_of_appeal.post(f"/imports/{batch['id']}/apply")).status_code == 202


async def test_remarks_on_the_file_are_for_its_sender_and_for_those_who_see_all_courts(
    returns: ReturnsClient, clerk: Api, admin: Api
) -> None:
    batch = await returns.bring_file(as_csv([{}]).replace(b"court,", b"court_name,", 1))
    for caller, codes in [(returns.api, ["HDR_MAPPED"]), (admin, ["HDR_MAPPED"]), (clerk, [])]:
        issues = (await caller.get(f"/imports/{batch['id']}/issues")).json()["items"]
        assert [issue["code"] for issue in issues] == codes


async def test_a_row_of_an_unknown_court_is_its_clerks_once_the_court_is_known(
    returns: ReturnsClient, core: Units, clerk: Api, admin: Api
) -> None:
    batch = await returns.bring({}, {"court": "Testvile", "date_dd": "25"})
    assert (await Sight.of(clerk, batch)).row_nos == [1]
    (alias,) = (await admin.get("/aliases", kind="court", state="pending")).json()["items"]
    await admin.post(f"/aliases/{alias['id']}/accept", {"target_id": str(TESTVILLE)})
    await core.get(BatchProcessing).release(UUID(alias["id"]))
    assert (await Sight.of(clerk, batch)).row_nos == [1, 2]


async def test_another_courts_file_is_refused_without_saying_whose_it_is_or_when_it_came(
    returns: ReturnsClient, outsider: Api, clerk: Api
) -> None:
    first = await returns.bring({})
    hidden = (await returns.of(outsider).send(as_csv([{}]))).json()
    assert (hidden["status"], hidden["code"]) == (409, "duplicate-file")
    assert hidden["detail"] == hidden["title"]
    assert not hidden.keys() & {"batch_id", "batch_state"}
    shown = (await returns.of(clerk).send(as_csv([{}]))).json()
    assert (shown["batch_id"], shown["batch_state"]) == (first["id"], "applied")


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


async def test_the_audit_tells_the_administrator_of_one_court_no_counts_of_anothers_rows(
    api: Api, admin: Api, returns: ReturnsClient
) -> None:
    one = await returns.bring({}, court_id=str(TESTVILLE))
    both = await returns.bring({"date_dd": "25"}, ELSEWHERE, court_id=str(TESTVILLE))

    async def events_of(reader: Api) -> set[str]:
        found = await reader.get("/registry-audit-events", entity="import_batches", limit="200")
        return {event["entity_id"] for event in found.json()["items"]}

    assert await events_of(api.user(Role.ADMIN, TESTVILLE)) == {one["id"]}
    of_both = {one["id"], both["id"]}
    assert (
        await events_of(api.user(Role.ADMIN, TESTVILLE, APPEAL))
        == await events_of(admin)
        == of_both
    )


async def test_to_ask_for_the_same_application_again_and_again_is_one_job(
    core: Units, clerk: Api, batch: dict[str, Any], returns: ReturnsClient
) -> None:
    path = f"/imports/{batch['id']}/apply"
    await clerk.post(path)
    partial = await returns.work_by(batch["id"], clerk)
    assert partial["state"] == "partial"
    jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE lock = :lock AND status = 'todo'")

    async def queued() -> int:
        async with core.database.snapshot() as session:
            connection = await session.connection()
            found = await connection.execute(jobs, {"lock": f"import:{batch['id']}"})
            return int(found.scalar_one())

    before = await queued()
    answers = [await clerk.post(path) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {202}
    assert await queued() == before
    assert (await returns.api.post(path)).status_code == 202
    assert await queued() == before + 1


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

"""One file lists so many new spellings and no more; the rows beyond wait and are not lost."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Role
from core_service.returns.processing import BatchProcessing
from core_service.settings import CoreSettings
from core_service.wiring import wire
from testkit.core.api import Api
from testkit.core.auth import FakeAuth, with_auth
from testkit.core.registry import AMINA, TESTVILLE
from testkit.core.returns import ReturnsClient, as_csv

LIMIT = 4
ROWS = [{"judge_1": f"Unknown, Number {day:02}", "date_dd": str(day)} for day in range(1, 12)]


@pytest.fixture
async def narrow(
    settings: CoreSettings, clock: FrozenClock, auth: FakeAuth
) -> AsyncIterator[Units]:
    """Core with room for a few new spellings a file."""
    limited = settings.model_copy(update={"max_new_spellings": LIMIT})
    core = with_auth(auth, wire(limited, clock))
    yield core
    await core.close()


@pytest.fixture
def returns(narrow: Units, clerk: Api) -> ReturnsClient:
    return ReturnsClient(narrow, clerk)


async def pending(admin: Api) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (
        await admin.get("/aliases", kind="judge", state="pending", limit="200")
    ).json()["items"]
    return found


async def accept(core: Units, admin: Api, alias: dict[str, str]) -> None:
    body = {"target_id": str(AMINA)}
    assert (await admin.post(f"/aliases/{alias['id']}/accept", body)).status_code == 200
    await core.get(BatchProcessing).release(UUID(alias["id"]))


async def test_rows_beyond_the_limit_are_held_and_say_so(
    returns: ReturnsClient, admin: Api
) -> None:
    batch = await returns.bring(*ROWS)

    rows = await returns.rows(batch)

    assert [row["result"] for row in rows] == ["HELD"] * len(ROWS)
    assert [alias["raw"] for alias in await pending(admin)] == [
        row["judge_1"] for row in ROWS[:LIMIT]
    ]
    for row in rows[:LIMIT]:
        assert [issue["code"] for issue in row["issues"]] == ["JUDGE_UNKNOWN"]
    for row in rows[LIMIT:]:
        unknown, limit = row["issues"]
        assert (unknown["code"], unknown["alias_id"]) == ("JUDGE_UNKNOWN", None)
        assert (limit["code"], limit["severity"]) == ("SPELLING_LIMIT", "held")
        assert f"more than {LIMIT} new spellings" in limit["message"]
        assert (limit["column"], limit["value"]) == ("judge_1", unknown["value"])


async def test_no_row_waits_for_ever_when_the_listed_spellings_are_decided(
    returns: ReturnsClient, narrow: Units, admin: Api
) -> None:
    batch = await returns.bring(*ROWS, *[row | {"caseid_no": "E015"} for row in ROWS])
    decided = 0
    while waiting := await pending(admin):
        assert len(waiting) <= LIMIT
        await accept(narrow, admin, waiting[-1])
        decided += 1
        assert decided <= len(ROWS)

    assert decided == len(ROWS)
    assert set(await returns.results(batch)) == {"NEW"}
    assert (await returns.batch(batch["id"]))["state"] == "applied"


async def test_no_row_waits_for_ever_when_a_court_decides_for_itself_alone(
    returns: ReturnsClient, narrow: Units, api: Api, admin: Api
) -> None:
    """For all courts the spellings stay undecided; this court's rows need no more than its own."""
    batch = await returns.bring(*ROWS)
    here, decided = api.user(Role.ADMIN, TESTVILLE), set[str]()
    while waiting := [each for each in await pending(admin) if each["id"] not in decided]:
        body = {"target_id": str(AMINA), "court_id": str(TESTVILLE)}
        answer = await here.post(f"/aliases/{waiting[0]['id']}/accept", body)
        assert answer.status_code == 200, answer.text
        decided.add(waiting[0]["id"])
        await narrow.get(BatchProcessing).release(UUID(waiting[0]["id"]))

    assert len(decided) == len(ROWS)
    assert set(await returns.results(batch)) == {"NEW"}
    assert (await returns.batch(batch["id"]))["state"] == "applied"


async def test_a_spelling_that_is_listed_already_takes_no_room(
    returns: ReturnsClient, narrow: Units, admin: Api
) -> None:
    await returns.bring(*ROWS[:LIMIT])
    second = await returns.bring(*ROWS[: 2 * LIMIT])

    assert [codes for codes in await returns.codes(second) if "SPELLING_LIMIT" in codes] == []
    assert len(await pending(admin)) == 2 * LIMIT
    await accept(narrow, admin, (await pending(admin))[0])
    assert (await returns.results(second))[0] == "UNCHANGED"


async def test_a_validated_batch_lists_more_when_it_is_applied(
    returns: ReturnsClient, narrow: Units, admin: Api
) -> None:
    batch = await returns.bring(*ROWS, mode="validate")
    for alias in await pending(admin):
        await accept(narrow, admin, alias)
    assert await pending(admin) == []

    await returns.api.post(f"/imports/{batch['id']}/apply")
    await returns.work(batch["id"])

    assert (await returns.results(batch))[:LIMIT] == ["NEW"] * LIMIT
    assert len(await pending(admin)) == LIMIT


async def test_four_hundred_rows_of_new_spellings_list_five_hundred_at_most(
    core: Units, settings: CoreSettings, api: Api, admin: Api
) -> None:
    returns = ReturnsClient(core, api.user(Role.DATA_ENTRY, TESTVILLE))
    seats = [f"judge_{seat}" for seat in range(1, 8)]
    rows = [
        {"caseid_no": f"E{row}", **{seat: f"Unlisted, {seat} {row}" for seat in seats}}
        for row in range(1, 401)
    ]

    batch = await returns.bring_file(as_csv(rows))

    assert batch["counts"]["held"] == len(rows)
    listed = (await admin.get("/aliases", state="pending", limit="1", count="exact")).json()
    assert listed["total"] == settings.max_new_spellings == 500

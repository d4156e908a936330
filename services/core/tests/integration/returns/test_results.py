"""What becomes of rows when the registry knows something already."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from common.composition import Container, Units, Values
from core_service.activities.batch import CaseBatch
from core_service.activities.service import ActivityService
from core_service.cases.numbers import CaseNumber
from core_service.returns.processing import BatchProcessing
from testkit.core.returns import ReturnsClient, as_csv

JUDGMENT = {"comingfor": "Judgment", "outcome": "Judgment Delivered", "date_mon": "Mar"}


async def test_a_row_twice_in_a_file_counts_once_however_it_is_spelled(
    returns: ReturnsClient,
) -> None:
    spelled = {"judge_1": "EXAMPLE,amina wanja", "caseid_no": "e-014", "date_mon": "2"}
    batch = await returns.bring({}, spelled, {})
    assert await returns.results(batch) == ["NEW", "DUPLICATE", "DUPLICATE"]
    assert (await returns.case())["activity_count"] == 1
    assert batch["state"] == "applied"


async def test_other_content_corrects_and_history_remains(returns: ReturnsClient) -> None:
    await returns.bring(JUDGMENT)
    assert (await returns.matrix())["disposed"] == 1
    batch = await returns.bring(JUDGMENT | {"outcome": "Judgment On Notice"})
    assert await returns.results(batch) == ["CORRECTION"]
    assert await returns.codes(batch) == [["CORRECTION"]]
    case = await returns.case()
    assert (case["status"], case["activity_count"]) == ("pending", 1)
    assert (await returns.matrix())["disposed"] == 0
    events = (await returns.api.get(f"/cases/{case['id']}/status-events")).json()["items"]
    assert [event["kind"] for event in events if event["retracted_at"]] == ["disposed"]


async def test_a_correction_of_the_parties_reaches_the_case(returns: ReturnsClient) -> None:
    await returns.bring({})
    batch = await returns.bring({"male_applicant": "3"})
    assert await returns.results(batch) == ["CORRECTION"]
    assert (await returns.case())["parties"]["male_applicant"] == 3
    again = await returns.bring({"male_applicant": "3"}, {"date_dd": "25"})
    assert await returns.results(again) == ["UNCHANGED", "NEW"]


async def test_a_row_that_only_another_row_of_the_case_contradicts_changes_no_case(
    returns: ReturnsClient,
) -> None:
    await returns.bring({}, {"date_dd": "25", "male_applicant": "9"})
    assert (await returns.case())["parties"]["male_applicant"] == 1


async def test_a_later_row_of_a_file_corrects_an_earlier_one(returns: ReturnsClient) -> None:
    first = await returns.bring({"other_details": "a"}, {"other_details": "b"})
    assert await returns.results(first) == ["NEW", "CORRECTION"]
    # Cumulative files bring both again: what was corrected stays corrected.
    second = await returns.bring({"other_details": "a"}, {"other_details": "b"}, {"date_dd": "25"})
    assert await returns.results(second) == ["DUPLICATE", "UNCHANGED", "NEW"]
    assert (await returns.case())["activity_count"] == 2


async def test_another_judge_on_the_same_day_is_another_activity(returns: ReturnsClient) -> None:
    batch = await returns.bring({}, {"judge_1": "Sample, John"})
    assert await returns.results(batch) == ["NEW", "NEW"]
    assert (await returns.case())["activity_count"] == 2


async def test_numbers_restart_every_year(returns: ReturnsClient) -> None:
    batch = await returns.bring(
        {"caseid_no": "E001", "filed_yyyy": "2024"}, {"caseid_no": "E001", "filed_yyyy": "2025"}
    )
    assert await returns.results(batch) == ["NEW", "NEW"]
    assert len({row["case_id"] for row in await returns.rows(batch)}) == 2


async def test_the_outcome_decides_the_status(returns: ReturnsClient) -> None:
    await returns.bring({}, JUDGMENT)
    assert (await returns.case())["status"] == "disposed"


async def test_what_follows_a_closure_is_remarked_upon(returns: ReturnsClient) -> None:
    batch = await returns.bring(
        JUDGMENT,
        {"date_mon": "Apr"},
        JUDGMENT | {"date_mon": "May"},
        {"date_mon": "Jun", "comingfor": "Re-activation", "outcome": "Re-activation"},
    )
    assert await returns.results(batch) == ["NEW"] * 4
    assert await returns.codes(batch) == [
        [],
        ["ACTIVITY_AFTER_CLOSURE"],
        ["SECOND_CLOSURE"],
        ["REOPENED_IMPLICIT"],
    ]


async def test_another_filing_date_for_a_known_case_is_remarked_upon(
    returns: ReturnsClient,
) -> None:
    batch = await returns.bring({}, {"date_dd": "25", "filed_dd": "4"})
    assert await returns.codes(batch) == [[], ["FILED_CONFLICT"]]
    assert (await returns.case())["filed_on"] == "2025-02-03"


async def test_a_next_date_in_the_coming_year_is_stored(returns: ReturnsClient) -> None:
    december = {"date_dd": "22", "date_mon": "Dec", "next_dd": "12", "next_mon": "Jan"}
    batch = await returns.bring(december | {"next_yyyy": "2026"})
    assert await returns.codes(batch) == [[]]
    assert (await returns.case())["next_hearing_on"] == "2026-01-12"


class RefusingBatch(CaseBatch):
    """A batch that the database does not take when one day is in it."""

    async def write(self) -> None:
        if any(each["activity_on"].day == 25 for each in self.pending.activities.values()):
            session = self.activities.session
            await session.exec(text("SELECT 1/0"))  # type: ignore[call-overload]  # raw SQL on purpose
        await CaseBatch.write(self)


class RefusingActivities(ActivityService):
    async def open_batch(
        self, numbers: Collection[CaseNumber], days: Collection[date], *, lock: bool
    ) -> CaseBatch:
        batch = await ActivityService.open_batch(self, numbers, days, lock=lock)
        return RefusingBatch(**{each.name: getattr(batch, each.name) for each in fields(batch)})


@pytest.fixture
def refusing(core: Units) -> BatchProcessing:
    """Processing against a registry that refuses one day."""

    class RefusingUnits(Units):
        """Units of work whose service of activities refuses the day."""

        def container(self, session: AsyncSession, values: Values | None = None) -> Container:
            service = Units.container(self, session, values).get(ActivityService)
            parts = {field.name: getattr(service, field.name) for field in fields(service)}
            refusing = {ActivityService: RefusingActivities(**parts)}
            return Units.container(self, session, {**(values or {}), **refusing})

    return replace(core.get(BatchProcessing), units=RefusingUnits(core.registry, core.database))


async def test_one_bad_row_does_not_poison_its_chunk(
    returns: ReturnsClient, refusing: BatchProcessing
) -> None:
    sent = await returns.send(as_csv([{}, {"date_dd": "25"}, {"date_dd": "26"}]))
    batch_id = sent.json()["id"]
    await refusing.run(UUID(batch_id))
    batch = await returns.batch(batch_id)
    assert batch["counts"] | {"read": 3, "new": 2, "rejected": 1} == batch["counts"]
    assert batch["state"] == "partial"
    assert await returns.results(batch) == ["NEW", "REJECTED", "NEW"]
    assert await returns.codes(batch) == [[], ["ROW_REFUSED"], []]
    assert (await returns.case())["activity_count"] == 2


async def test_a_later_row_corrects_the_case_in_a_chunk_with_a_bad_row_too(
    returns: ReturnsClient, refusing: BatchProcessing
) -> None:
    rows = [{}, {"male_applicant": "3"}, {"date_dd": "25"}, {"male_applicant": "3"}]
    batch = (await returns.send(as_csv(rows))).json()
    await refusing.run(UUID(batch["id"]))
    assert await returns.results(batch) == ["NEW", "CORRECTION", "REJECTED", "DUPLICATE"]
    assert (await returns.case())["parties"]["male_applicant"] == 3

"""Random histories: after a revert every row is what it was, and the file can be sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import text

from common.clock import FrozenClock
from common.composition import Units
from common.identity import Grant, Role
from core_service.jobs import JobQueue
from core_service.rebuild import rebuild
from core_service.returns import tasks
from testkit.core.api import Api
from testkit.core.registry import AMINA, JOHN, activity_type, case_body
from testkit.core.returns import ReturnsClient, as_csv, work_off_the_queue
from testkit.core.reverts import Reverted, all_rows

WHY: Final = {"reason": "The file of another week"}
SEEDS: Final = range(8)
THERE: Final = "Testville Court of Appeal"
JUDGES: Final = ("Example, Amina Wanja", "Sample, John", "Not Yet Assigned")
OUTCOMES: Final = (
    "Mention Date Given",
    "Part Heard",
    "Adjourned",
    "Struck Out",
    "Judgment Delivered",
    "Stood Over Generally",
    "Re-activation",
    "File Transferred",
    "",
)
# What a file leaves in figures and lists, shown without IDs, times and places on the day.
SHOWN: Final = {
    "cases": "SELECT caseid_type, number_norm, court_id, filed_on, case_type_id, status,"
    " status_since, disposed_on, next_hearing_on, last_activity_on, activity_count,"
    " adjournment_count, lead_judge_id, male_applicant, custody_count, legal_representation,"
    " received_by_return, original_norm, sealed FROM cases WHERE deleted_at IS NULL",
    "activities": "SELECT c.number_norm, c.court_id, a.activity_on, encode(content_hash, 'hex'),"
    " a.row_no FROM case_activities a JOIN cases c ON c.id = a.case_id WHERE voided_at IS NULL",
    "events": "SELECT c.number_norm, e.court_id, e.kind, e.effective_on FROM case_status_events e"
    " JOIN cases c ON c.id = e.case_id WHERE retracted_at IS NULL AND deleted_at IS NULL",
    "hearings": "SELECT c.number_norm, h.court_id, hearing_on, judge_id, purpose_id, setting_no,"
    " h.status, is_manual FROM hearings h JOIN cases c ON c.id = h.case_id",
    "assignments": "SELECT c.number_norm, c.court_id, judge_id, role, from_on, to_on, origin"
    " FROM case_judge_assignments j JOIN cases c ON c.id = j.case_id",
}


@dataclass(frozen=True, slots=True)
class Inventor:
    """Makes files in which everything happens to few cases, and often twice."""

    chance: Random

    def file(self, day: int) -> list[dict[str, str]]:
        """Rows of any day, and one that no other file has, so that each builds on the last."""
        rows = [self._row() for _ in range(self.chance.randint(6, 18))]
        return [*rows, {"caseid_no": "E1", "date_dd": str(day), "date_mon": "May"}]

    def _row(self) -> dict[str, str]:
        pick, number = self.chance.choice, self.chance.randint(1, 6)
        day = pick((("3", "Mar"), ("4", "Mar"), ("17", "Mar"), ("2", "Apr")))
        row = {
            "caseid_no": "E300" if number == 6 else f"E{number}",
            "date_dd": day[0],
            "date_mon": day[1],
            "judge_1": pick(JUDGES),
            "judge_2": pick(("", "", JUDGES[1])),
            "comingfor": pick(("Mention", "Mention", "Hearing", "Registration/Filing")),
            "outcome": pick(OUTCOMES),
            "custody": pick(("", "", "2", "5")),
            "legalrep": pick(("", "Yes", "No")),
            "male_applicant": pick(("1", "1", "4")),
            "filed_dd": pick(("3", "3", "3", "4")),
            "case_type": pick(("Civil Suit",) * 3 + ("Civil Appeal",)),
            "other_details": pick(("", "", "another content")),
        }
        if row["judge_1"] == row["judge_2"]:
            row["judge_2"] = ""
        if self.chance.random() < 0.3:
            row |= {"next_dd": str(self.chance.randint(5, 28)), "next_mon": pick(("Apr", "May"))}
            row |= {"next_yyyy": "2025"}
        return row | self._received(number) if self.chance.random() < 0.2 else row

    def _received(self, number: int) -> dict[str, str]:
        """The case as a file that came from Testville."""
        purpose = self.chance.choice(("File Received From Another Court", "Mention"))
        stated = {"court": "Testville", "code": "HCCC", "number": f"E{number}", "year": "2025"}
        return {
            **{f"original_{name}": value for name, value in stated.items()},
            "court": THERE,
            "caseid_type": "COACA",
            "caseid_no": f"E{number + 50}",
            "comingfor": purpose,
        }


@dataclass(slots=True)
class Registry:
    """A registry in which users have acted, and the files that it was sent since."""

    returns: ReturnsClient
    admin: Api
    clock: FrozenClock
    sent: list["Sent"] = field(default_factory=list)

    @property
    def core(self) -> Units:
        return self.returns.core

    async def send(self, rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        self.clock.advance(seconds=30)
        content = as_csv(rows)
        batch = await self.returns.bring_file(content)
        assert batch["state"] in {"applied", "partial"}
        return batch

    async def bring(self, rows: Sequence[Mapping[str, str]]) -> None:
        before, matrix = await all_rows(self.core), await self.matrix()
        batch = await self.send(rows)
        assert (await rebuild(self.core)).changed == 0
        self.sent.append(Sent(rows, batch, before, matrix, await self.shown(batch)))

    async def revert(self, batch: Mapping[str, Any]) -> None:
        self.clock.advance(seconds=30)
        answer = await self.admin.post(f"/imports/{batch['id']}/revert", WHY)
        assert answer.status_code == 200, answer.text
        await work_off_the_queue(self.core)
        assert (await self.returns.batch(batch["id"]))["state"] == "reverted"

    async def matrix(self) -> dict[str, Any]:
        """The figures, without the address that names the moment."""
        figures = await self.returns.matrix()
        return {name: value for name, value in figures.items() if name != "cases_url"}

    async def shown(self, batch: Mapping[str, Any]) -> dict[str, list[str]]:
        """What became of each row, and what the registry says."""
        rows = await self.returns.rows(batch)
        found = {"results": [f"{row['result']} {_codes(row)}" for row in rows]}
        async with self.core.database.transaction() as session:
            connection = await session.connection()
            for name, sql in SHOWN.items():
                found[name] = sorted(str(row) for row in await connection.execute(text(sql)))
        return found


@dataclass(frozen=True, slots=True)
class Sent:
    """A file, its batch, all before it, and what it left."""

    rows: Sequence[Mapping[str, str]]
    batch: dict[str, Any]
    before: Mapping[str, Any]
    matrix: Mapping[str, Any]
    shown: Mapping[str, Sequence[str]]


def _codes(row: Mapping[str, Any]) -> str:
    return " ".join(sorted(issue["code"] for issue in row["issues"]))


@pytest.fixture
async def registry(core: Units, api: Api, clock: FrozenClock) -> Registry:
    tasks.register(core.get(JobQueue).app)
    admin = api.granted(Grant(Role.ADMIN))
    registry = Registry(ReturnsClient(core, admin), admin, clock)
    await registry.send([{"caseid_no": f"E{number}"} for number in (1, 2, 3)])
    await _act(admin, registry.returns)
    return registry


async def _act(admin: Api, returns: ReturnsClient) -> None:
    """What users have entered before the files."""
    cases = [await returns.case(f"HCCC E{number} of 2025") for number in (1, 2, 3)]
    body = case_body(number="E300", filed_on="2025-02-03") | {"custody_count": 1}
    case_id = (await admin.post("/cases", body)).json()["id"]
    mention = {"activity_type_id": str(activity_type("Mention")), "judge_ids": [str(AMINA)]}
    lead = {"judge_id": str(JOHN), "role": "lead", "from_on": "2025-03-10"} | WHY
    for path, sent in (
        ("/activities", {"case_id": case_id, "activity_on": "2025-03-04", **mention}),
        ("/hearings", {"case_id": cases[0]["id"], "on": "2026-08-03"}),
        (f"/cases/{cases[1]['id']}/assignments", lead),
        (f"/cases/{cases[2]['id']}/link", {"kind": "related", "other_id": cases[0]["id"]}),
    ):
        answer = await admin.post(path, sent)
        assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_row_is_what_it_was_and_the_file_can_be_sent_again(
    registry: Registry, seed: int
) -> None:
    inventor = Inventor(Random(seed))  # noqa: S311 - the same histories each time
    for day in (12, 13, 14):
        await registry.bring(inventor.file(day))
    await _require_refusals_name_later_ones(registry)

    reverted: set[str] = set()
    for sent in reversed(registry.sent):
        await registry.revert(sent.batch)
        reverted.add(sent.batch["id"])
        assert Reverted(sent.before, await all_rows(registry.core), reverted).faults() == []
        assert await registry.matrix() == sent.matrix
        assert (await rebuild(registry.core)).changed == 0

    for sent in registry.sent:
        assert await registry.shown(await registry.send(sent.rows)) == sent.shown


async def _require_refusals_name_later_ones(registry: Registry) -> None:
    """Of all but the last file; a refused revert changes nothing."""
    names = [sent.batch["id"] for sent in registry.sent]
    before = await all_rows(registry.core)
    for place, batch_id in enumerate(names[:-1]):
        answer = await registry.admin.post(f"/imports/{batch_id}/revert", WHY)
        assert (answer.status_code, answer.json()["code"]) == (409, "import-built-upon")
        named = {each["id"] for each in answer.json()["batches"]}
        assert named
        assert named <= set(names[place + 1 :])
    assert await all_rows(registry.core) == before

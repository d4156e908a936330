"""Returns, a client that sends them, and the worker's part run in the test's process."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from common.composition import Units
from core_service.access.actors import Actor
from core_service.jobs import JobQueue
from core_service.returns.files.header import COLUMNS
from core_service.returns.processing import BatchProcessing
from testkit.core.api import Api

# A mention of HCCC E014 of 2025 at Testville, without fault.
MENTION: Final = {
    "court": "Testville",
    "date_dd": "24",
    "date_mon": "Feb",
    "date_yyyy": "2025",
    "caseid_type": "HCCC",
    "caseid_no": "E014",
    "filed_dd": "3",
    "filed_mon": "Feb",
    "filed_yyyy": "2025",
    "case_type": "Civil Suit",
    "judge_1": "Example, Amina Wanja",
    "comingfor": "Mention",
    "outcome": "Mention Date Given",
    "male_applicant": "1",
}


async def work_off_the_queue(core: Units) -> None:
    """Run the jobs that are due, as the worker does."""
    jobs = core.get(JobQueue).app
    async with jobs.open_async():
        await jobs.run_worker_async(
            wait=False,
            install_signal_handlers=False,
            listen_notify=False,
            additional_context={"core": core},
        )


# Under an import, what shows its rows.
SHOWING: Final = ("", "/rows", "/issues")


@dataclass(frozen=True, slots=True)
class ReturnsClient:
    """Sends returns, processes them, and reads their results."""

    core: Units
    api: Api

    def of(self, api: Api) -> "ReturnsClient":
        """The same for another user."""
        return ReturnsClient(self.core, api)

    async def send(self, content: bytes, filename: str = "return.csv", **form: Any) -> Any:
        """The response to an upload."""
        files = {"file": (filename, content, "text/csv")}
        return await self.api.call("POST", "/imports", files=files, data=form)

    async def work(self, batch_id: str) -> dict[str, Any]:
        """The batch after the worker's part."""
        await self.core.get(BatchProcessing).run(UUID(batch_id))
        return await self.batch(batch_id)

    async def work_by(self, batch_id: str, by: Api) -> dict[str, Any]:
        """The batch after the worker has run what this caller asked for."""
        await self.core.get(BatchProcessing).run(UUID(batch_id), Actor(by.user_id))
        return await self.batch(batch_id)

    async def validate_again(self, batch_id: str) -> None:
        """What the worker does when this caller has asked to validate again."""
        await self.core.get(BatchProcessing).validate_again(UUID(batch_id), Actor(self.api.user_id))

    async def bring(self, *rows: Mapping[str, str], **form: Any) -> dict[str, Any]:
        """Rows sent and worked on: each is the good mention with the given cells changed."""
        return await self.bring_file(as_csv(rows), **form)

    async def bring_file(self, content: bytes, **form: Any) -> dict[str, Any]:
        """A file sent and worked on."""
        sent = await self.send(content, **form)
        if sent.status_code != HTTPStatus.ACCEPTED:
            raise AssertionError(sent.text)
        batch = await self.work(sent.json()["id"])
        counts = dict(batch["counts"])
        if counts.pop("read") != sum(counts.values()):
            raise AssertionError(batch["counts"])
        return batch

    async def batch(self, batch_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.api.get(f"/imports/{batch_id}")).json()
        return found

    async def rows(self, batch: Mapping[str, Any], **params: str) -> list[dict[str, Any]]:
        answer = await self.api.get(f"/imports/{batch['id']}/rows", limit="200", **params)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def results(self, batch: Mapping[str, Any]) -> list[str]:
        """The results of the rows in their order."""
        return [row["result"] for row in await self.rows(batch)]

    async def codes(self, batch: Mapping[str, Any]) -> list[list[str]]:
        """The issue codes of the rows in their order."""
        rows = await self.rows(batch)
        return [[issue["code"] for issue in row["issues"]] for row in rows]

    async def case(self, number: str = "HCCC E014 of 2025") -> dict[str, Any]:
        """The case with a number."""
        found = (await self.api.get("/cases/lookup", number=number)).json()["items"]
        case: dict[str, Any] = found[0]["case"]
        return case

    async def matrix(self) -> dict[str, Any]:
        """The matrix's totals of the years of these tests."""
        period = {"from": "2024-01-01", "to": "2026-06-01"}
        totals: dict[str, Any] = (await self.api.get("/metrics/matrix", **period)).json()["totals"]
        return totals


def as_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A return's file: each row is the good mention with the given cells changed."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({**MENTION, **row} for row in rows)
    return text.getvalue().encode()


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
        answers = [await caller.get(f"{path}{road}", limit="200") for road in SHOWING]
        answers.append(await caller.get("/imports"))
        found, rows = answers[0].json(), answers[1].json()
        (listed,) = [each for each in answers[-1].json()["items"] if each["id"] == batch["id"]]
        exact = (await caller.get(f"{path}/rows", count="exact", limit="1")).json()["total"]
        if listed != found or not exact == len(rows["items"]) == found["counts"]["read"]:
            raise AssertionError(f"Not the same on every road: {listed}, {found}, {exact}")
        return cls(
            "".join(answer.text for answer in answers),
            [row["row_no"] for row in rows["items"]],
            {name: count for name, count in found["counts"].items() if count},
            found["progress"],
        )

"""What validation says of each row is what application does, also for several versions of an event.

Chunks of two rows, so that versions of one event are seen across their borders.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID

import pytest

from common.composition import Units
from core_service.access.actors import Actor
from core_service.returns import validation
from core_service.returns.processing import BatchProcessing
from testkit.core.returns import ReturnsClient, as_csv

Row = dict[str, str]
VERSIONS = [{"other_details": each} for each in "abc"]


@dataclass(frozen=True, slots=True)
class InSmallChunks:
    """Sends files and works on them two rows at a time."""

    returns: ReturnsClient
    core: Units
    chunk_rows: int = 2

    @property
    def processing(self) -> BatchProcessing:
        return replace(self.core.get(BatchProcessing), chunk_rows=self.chunk_rows)

    async def preview_and_apply(
        self, rows: Sequence[Row]
    ) -> tuple[list[str], list[str], dict[str, Any]]:
        """The results as validated, those as applied, and the counts at the end."""
        content = as_csv(rows) + b"\n" * self.sent()
        sent = (await self.returns.send(content, mode="validate")).json()
        await self.processing.run(UUID(sent["id"]))
        validated = await self.returns.results(sent)
        assert (await self.returns.api.post(f"/imports/{sent['id']}/apply")).status_code == 202
        await self.processing.run(UUID(sent["id"]), Actor(self.returns.api.user_id))
        batch = await self.returns.batch(sent["id"])
        assert batch["state"] in {"applied", "partial"}
        return validated, await self.returns.results(sent), batch["counts"]

    def sent(self) -> int:
        """Blank lines at the end, so that the same rows are another file."""
        SENT.append(1)
        return len(SENT)


SENT: list[int] = []


@pytest.fixture
def small(returns: ReturnsClient, core: Units) -> InSmallChunks:
    return InSmallChunks(returns, core)


@pytest.mark.parametrize(
    ("known", "rows", "results"),
    [
        ("", "abc", ["NEW", "CORRECTION", "CORRECTION"]),
        ("", "aba", ["NEW", "CORRECTION", "DUPLICATE"]),
        ("", "abab", ["NEW", "CORRECTION", "DUPLICATE", "DUPLICATE"]),
        ("a", "abc", ["UNCHANGED", "DUPLICATE", "CORRECTION"]),
        ("c", "abc", ["DUPLICATE", "DUPLICATE", "UNCHANGED"]),
        ("a", "bcb", ["DUPLICATE", "CORRECTION", "DUPLICATE"]),
        ("a", "bcba", ["DUPLICATE", "DUPLICATE", "DUPLICATE", "UNCHANGED"]),
        ("ab", "ab", ["DUPLICATE", "UNCHANGED"]),
    ],
)
async def test_versions_of_one_event_are_applied_as_previewed(
    small: InSmallChunks, known: str, rows: str, results: list[str]
) -> None:
    if known:
        await small.preview_and_apply([{"other_details": each} for each in known])
    preview, applied, _ = await small.preview_and_apply([{"other_details": each} for each in rows])
    assert (preview, applied) == (results, results)


ASSIGNED: Row = {}
A = {"judge_1": ""}
B = A | {"other_details": "b"}
LATER = ASSIGNED | {"other_details": "x"}


@pytest.mark.parametrize(
    ("known", "rows", "results"),
    [
        ([], [A, ASSIGNED], ["NEW", "CORRECTION"]),
        ([], [ASSIGNED, A], ["NEW", "DUPLICATE"]),
        ([], [A, ASSIGNED, B], ["NEW", "CORRECTION", "NEW"]),
        ([ASSIGNED], [A, B], ["UNCHANGED", "NEW"]),
        ([A], [ASSIGNED, B], ["CORRECTION", "NEW"]),
        ([A], [ASSIGNED, LATER], ["CORRECTION", "CORRECTION"]),
        ([], [ASSIGNED, LATER, A], ["NEW", "CORRECTION", "DUPLICATE"]),
        ([ASSIGNED], [ASSIGNED, LATER, A], ["UNCHANGED", "CORRECTION", "DUPLICATE"]),
        ([ASSIGNED], [LATER, A], ["CORRECTION", "NEW"]),
        ([ASSIGNED], [ASSIGNED, A], ["UNCHANGED", "DUPLICATE"]),
        ([ASSIGNED], [A, ASSIGNED], ["UNCHANGED", "UNCHANGED"]),
    ],
)
@pytest.mark.parametrize("chunk_rows", [1, 50])
async def test_rows_before_a_judge_is_assigned_are_applied_as_previewed(
    small: InSmallChunks, known: list[Row], rows: list[Row], results: list[str], chunk_rows: int
) -> None:
    chunks = replace(small, chunk_rows=chunk_rows)
    if known:
        await chunks.preview_and_apply(known)
    preview, applied, _ = await chunks.preview_and_apply(rows)
    assert (preview, applied) == (results, results)


async def test_a_row_that_names_no_judge_repeats_one_of_the_chunk_before(
    small: InSmallChunks,
) -> None:
    other = {"caseid_no": "E2"}
    _, applied, _ = await small.preview_and_apply([other, ASSIGNED, A])
    assert applied == ["NEW", "NEW", "DUPLICATE"]


def _row(random: Random, judges: Sequence[Row] = ({},)) -> Row:
    """One of few cases, days and contents, so that rows meet; some cannot be applied."""
    faults: list[Row] = [{}] * 8 + [{"date_dd": "31"}, {"judge_1": "Unlisted, Ann"}]
    return (
        {"caseid_no": random.choice(["E1", "E2"]), "date_dd": random.choice(["24", "25"])}
        | random.choice(VERSIONS)
        | random.choice([{}, {}, {"male_applicant": "4"}, {"outcome": "Struck Out"}])
        | random.choice(judges)
        | random.choice(faults)
    )


async def test_of_more_rows_about_a_case_than_are_compared_the_first_are_compared_when_applied(
    small: InSmallChunks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "GROUP_ROWS", 2)

    preview, applied, counts = await small.preview_and_apply(VERSIONS)

    assert preview == ["NEW", "NEW", "CORRECTION"]
    assert applied == ["NEW", "CORRECTION", "CORRECTION"]
    assert (counts["new"], counts["correction"]) == (1, 2)


@pytest.mark.parametrize("seed", range(6))
async def test_any_file_is_applied_as_previewed(small: InSmallChunks, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - the same files in each run
    for _ in range(3):
        rows = [_row(random) for _ in range(random.randint(1, 9))]
        preview, applied, counts = await small.preview_and_apply(rows)
        assert applied == preview, rows
        assert counts["read"] == sum(counts.values()) - counts["read"]
        assert counts["new"] == applied.count("NEW")


@pytest.mark.parametrize("seed", range(6, 12))
async def test_any_file_of_which_judges_are_assigned_later_is_applied_as_previewed(
    small: InSmallChunks, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - the same files in each run
    for _ in range(3):
        rows = [_row(random, [ASSIGNED, ASSIGNED, A]) for _ in range(random.randint(1, 9))]
        preview, applied, _ = await small.preview_and_apply(rows)
        assert applied == preview, rows

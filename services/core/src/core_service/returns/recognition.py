"""Rows that an earlier file has brought with the same cells: neither judged nor compared again.

A row is UNCHANGED when it has the cells of one that was recorded before, would be judged as that
one was, and what that one recorded still counts. Any other is judged and compared as usual.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Integer,
    LargeBinary,
    Select,
    TableValuedAlias,
    Uuid,
    and_,
    func,
    insert,
    literal,
)
from sqlalchemy import select as select_columns
from sqlalchemy.types import TypeEngine
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import registry_wide
from core_service.activities.service import ActivityService
from core_service.bulk import any_of, table_of
from core_service.cases.numbers import CaseNumber, slip_group
from core_service.returns.comparison import EventMatch
from core_service.returns.issues import IssueCode
from core_service.returns.judging.chunk import Batch
from core_service.returns.judging.vocabulary import Version
from core_service.returns.models import ImportRow, ImportRowIssue, RowResult
from core_service.returns.reported import DIGEST_BYTES, Digests

ORIGINS: Final = "a row is compared with those of earlier files, at any court"
# What recording a row has found, and its judgement has not.
OF_RECORDING: Final = (
    IssueCode.CORRECTION,
    IssueCode.FILED_CONFLICT,
    IssueCode.CASE_FACT_DIFFERS,
    IssueCode.POSSIBLE_DUPLICATE,
    IssueCode.ACTIVITY_AFTER_CLOSURE,
    IssueCode.SECOND_CLOSURE,
    IssueCode.REOPENED_IMPLICIT,
)
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
ISSUE_COLUMNS: Final = ("code", "severity", "column", "value", "message", "suggestion")


def cells_text(cells: Mapping[str, str]) -> str:
    """A row's cells as a JSON document, in the order of their names: files have one order, and the
    database has another.
    """
    return _encode(dict(sorted(cells.items())))


@dataclass(frozen=True, slots=True)
class Judging:
    """All but its cells that a row's judgement depends on. (A row with a date in the future of an
    earlier file was not recorded.)
    """

    version: Version
    court_id: UUID | None
    year: int

    @classmethod
    def of(cls, batch: Batch, version: Version) -> "Judging":
        return cls(version, batch.terms.court_id, batch.today.year)

    def digests(self, cells: Mapping[int, str]) -> dict[int, bytes]:
        """The digests by which rows are recognised, of their cells as `cells_text` has them."""
        about = hashlib.sha256(repr(self).encode())
        digests = {}
        for row_no, text in cells.items():
            digest = about.copy()
            digest.update(text.encode())
            digests[row_no] = digest.digest()[:DIGEST_BYTES]
        return digests


@dataclass(frozen=True, slots=True)
class Recognised:
    """What is known of a row from the one with the same cells."""

    court_id: UUID
    digests: Digests


# What rows have in common that are compared with each other.
About = tuple[CaseNumber, date]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The row that recorded an activity, of which case and day, and whether that still counts."""

    batch_id: UUID
    row_no: int
    court_id: UUID
    number: CaseNumber
    activity_on: date
    counts: bool

    @property
    def about(self) -> About:
        return self.number, self.activity_on


@dataclass(frozen=True, slots=True)
class RecognisedRows:
    """Statements over rows by the digests of their cells."""

    session: AsyncSession
    activities: ActivityService

    async def known(self, digests: Mapping[int, bytes]) -> dict[int, Recognised]:
        """What is known of those rows whose cells an earlier row had."""
        statement = select_columns(
            col(ImportRow.cells_hash),
            col(ImportRow.court_id),
            col(ImportRow.identity_hash),
            col(ImportRow.content_hash),
        ).where(_has_cells(digests.values()))
        found = {
            digest: Recognised(court_id, Digests(identity, content))
            for digest, court_id, identity, content in await self._rows(
                registry_wide(statement, ORIGINS)
            )
        }
        return {row_no: found[each] for row_no, each in digests.items() if each in found}

    async def earlier(self, batch_id: UUID, digests: Mapping[int, bytes]) -> dict[int, Earlier]:
        """The rows of earlier batches with the same cells; one that counts before others."""
        statement = select_columns(
            col(ImportRow.cells_hash),
            col(ImportRow.batch_id),
            col(ImportRow.row_no),
            col(ImportRow.court_id),
            col(ImportRow.activity_id),
        ).where(_has_cells(digests.values()))
        rows = await self._rows(registry_wide(statement, ORIGINS))
        activities = await self.activities.states([activity_id for *_, activity_id in rows])
        found: dict[bytes, Earlier] = {}
        for digest, of_batch, row_no, court_id, activity_id in rows:
            state = activities[activity_id]
            counts = state.counts and of_batch < batch_id
            one = Earlier(of_batch, row_no, court_id, state.number, state.activity_on, counts)
            if one.counts or digest not in found:
                found[digest] = one
        return {row_no: found[each] for row_no, each in digests.items() if each in found}

    async def repeat(
        self, batch_id: UUID, rows: Mapping[int, Earlier], *, to_compare: bool = False
    ) -> None:
        """Store rows as what they are: the same as these, which were recorded before. `to_compare`:
        others of the file, which are not known yet, may make a difference.
        """
        if not rows:
            return
        same = _same_rows(rows, in_groups=to_compare)
        values: dict[str, Any] = {
            "batch_id": literal(batch_id, Uuid()),
            "row_no": same.c.row_no,
            "slip_group": same.c.slip_group,
            "result": literal(RowResult.UNCHANGED, ImportRow.__table__.c.result.type),  # type: ignore[attr-defined]  # of every model with `table=True`
            **{
                name: getattr(ImportRow, name)
                for name in (
                    *("raw", "court_id", "case_id", "activity_id"),
                    *("identity_hash", "content_hash"),
                )
            },
        }
        of_row = and_(
            col(ImportRow.batch_id) == same.c.of_batch, col(ImportRow.row_no) == same.c.of_row
        )
        copied = _select(*values.values()).join_from(same, ImportRow, of_row)
        await self.session.exec(insert(ImportRow).from_select(list(values), copied))
        await self._repeat_issues(batch_id, rows)

    async def _repeat_issues(self, batch_id: UUID, rows: Mapping[int, Earlier]) -> None:
        same, issue = _same_rows(rows), ImportRowIssue
        of_row = and_(
            col(issue.batch_id) == same.c.of_batch,
            col(issue.row_no) == same.c.of_row,
            col(issue.code).not_in(OF_RECORDING),
        )
        names = ("batch_id", "row_no", "seq", *ISSUE_COLUMNS)
        copied = _select(
            literal(batch_id, Uuid()),
            same.c.row_no,
            issue.seq,
            *(getattr(issue, name) for name in ISSUE_COLUMNS),
        ).join_from(same, issue, of_row)
        await self.session.exec(insert(issue).from_select(names, copied))
        (remark,) = EventMatch(recorded_already=True).issues
        last = select_columns(func.coalesce(func.max(issue.seq), 0) + 1).where(
            col(issue.batch_id) == batch_id, col(issue.row_no) == same.c.row_no
        )
        added = select_columns(
            literal(batch_id, Uuid()),
            same.c.row_no,
            last.correlate(same).scalar_subquery(),
            *(literal(getattr(remark, name), getattr(issue, name).type) for name in ISSUE_COLUMNS),
        )
        await self.session.exec(insert(issue).from_select(names, added))

    async def _rows(self, statement: Any) -> Sequence[Any]:
        connection = await self.session.connection()
        return (await connection.execute(statement)).all()


def _has_cells(digests: Collection[bytes]) -> Any:
    return any_of(ImportRow.cells_hash, set(digests), LargeBinary())


def _same_rows(rows: Mapping[int, Earlier], *, in_groups: bool = False) -> TableValuedAlias:
    columns: dict[str, tuple[TypeEngine[Any], Iterable[Any]]] = {
        "row_no": (Integer(), list(rows)),
        "slip_group": (
            BigInteger(),
            [slip_group(each.number) if in_groups else None for each in rows.values()],
        ),
        "of_batch": (Uuid(), [each.batch_id for each in rows.values()]),
        "of_row": (Integer(), [each.row_no for each in rows.values()]),
    }
    return table_of("same", columns)


def _select(*columns: Any) -> Select[*tuple[Any, ...]]:
    return select_columns(*columns)

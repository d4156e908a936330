"""Moves references from one judge to another, in statements that note each row they move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.ids import uuid7
from core_service.access.reach import registry_wide
from core_service.activities.service import ActivityService
from core_service.judges.models import JudgeMerge, Moved
from core_service.judges.telling import MergeTelling

CHUNK: Final = 500

# Simple references: table, column, and which rows. A seat on a bench is not one: see below.
COLUMNS: Final[Mapping[Moved, tuple[str, str, str]]] = {
    Moved.CASE: ("cases", "lead_judge_id", "true"),
    Moved.ASSIGNMENT: ("case_judge_assignments", "judge_id", "true"),
    Moved.HEARING: ("hearings", "judge_id", "true"),
    Moved.PLANNED_HEARING: ("hearings", "planned_judge_id", "true"),
    Moved.ALIAS: ("aliases", "target_id", "kind = 'judge'"),
    # An ID is of one row of one table: another kind's target is no judge.
    Moved.COURT_ALIAS: ("court_aliases", "target_id", "true"),
}
POSTING: Final = ("judge_postings", "judge_id", "true")
MOVE: Final = """
WITH moved AS (
  UPDATE {table} SET {column} = :into_id WHERE {column} = :judge_id AND {condition} RETURNING id
)
INSERT INTO judge_merge_items (merge_id, kind, row_id, place, judge_id)
SELECT :merge_id, :kind, id, 0, :judge_id FROM moved
"""
MOVE_BACK: Final = """
UPDATE {table} SET {column} = item.judge_id
FROM judge_merge_items AS item
WHERE item.merge_id = :merge_id AND item.kind = :kind AND {table}.id = item.row_id
"""

# Benches with the judge, as they are: both judges' seats, for both may sit on one.
KEEP_SEATS: Final = """
INSERT INTO judge_merge_items (merge_id, kind, row_id, place, judge_id)
SELECT :merge_id, 'seat', seat.activity_id, seat.position, seat.judge_id
FROM activity_judges AS seat
WHERE seat.judge_id IN (:judge_id, :into_id) AND seat.activity_id IN (
  SELECT activity_id FROM activity_judges WHERE judge_id = :judge_id
)
"""
CLEAR_SEATS: Final = """
DELETE FROM activity_judges AS seat USING judge_merge_items AS item
WHERE item.merge_id = :merge_id AND item.kind = 'seat' AND seat.activity_id = item.row_id
  AND seat.judge_id IN (:judge_id, :into_id)
"""
# Who sat there twice keeps the higher seat.
TAKE_SEATS: Final = """
INSERT INTO activity_judges (activity_id, position, judge_id)
SELECT row_id, min(place), :into_id FROM judge_merge_items
WHERE merge_id = :merge_id AND kind = 'seat' GROUP BY row_id
"""
RESTORE_SEATS: Final = """
INSERT INTO activity_judges (activity_id, position, judge_id)
SELECT row_id, place, judge_id FROM judge_merge_items
WHERE merge_id = :merge_id AND kind = 'seat'
"""

# Principal postings may not overlap: those that would stay with the record that is put aside.
MOVE_POSTINGS: Final = """
WITH moved AS (
  UPDATE judge_postings AS posting SET judge_id = :into_id
  WHERE posting.judge_id = :judge_id AND NOT (posting.principal AND EXISTS (
    SELECT FROM judge_postings AS other WHERE other.judge_id = :into_id AND other.principal
      AND daterange(other.from_on, other.to_on, '[)')
        && daterange(posting.from_on, posting.to_on, '[)')
  )) RETURNING id
)
INSERT INTO judge_merge_items (merge_id, kind, row_id, place, judge_id)
SELECT :merge_id, 'posting', id, 0, :judge_id FROM moved
"""

# The spelling of the record that is put aside means the other one from now on.
ADD_ALIAS: Final = """
WITH added AS (
  INSERT INTO aliases (id, created_at, created_by, updated_at, updated_by, version, kind, spelling,
    raw, state, target_id, decided_at, decided_by)
  VALUES (:alias_id, :at, :by, :at, :by, 1, 'judge', :spelling, :raw, 'accepted', :into_id,
    :at, :by)
  ON CONFLICT (kind, spelling) DO NOTHING RETURNING id
)
INSERT INTO judge_merge_items (merge_id, kind, row_id, place, judge_id)
SELECT :merge_id, 'new_alias', id, 0, NULL FROM added
"""
DROP_ALIAS: Final = """
DELETE FROM aliases AS row USING judge_merge_items AS item
WHERE item.merge_id = :merge_id AND item.kind = 'new_alias' AND row.id = item.row_id
  AND NOT EXISTS (SELECT FROM court_aliases AS own WHERE own.alias_id = row.id)
"""
SEATED: Final = """
SELECT DISTINCT row_id FROM judge_merge_items
WHERE merge_id = :merge_id AND kind = 'seat' AND row_id > :after ORDER BY row_id LIMIT :limit
"""
TOUCHED: Final = """
SELECT activity.case_id FROM judge_merge_items AS item
JOIN case_activities AS activity ON activity.id = item.row_id
WHERE item.merge_id = :merge_id AND item.kind = 'seat'
UNION SELECT row_id FROM judge_merge_items WHERE merge_id = :merge_id AND kind = 'case'
UNION SELECT assignment.case_id FROM judge_merge_items AS item
JOIN case_judge_assignments AS assignment ON assignment.id = item.row_id
WHERE item.merge_id = :merge_id AND item.kind = 'assignment'
"""
COUNT: Final = """
SELECT kind, count(*) AS moved FROM judge_merge_items WHERE merge_id = :merge_id GROUP BY kind
"""


@dataclass(frozen=True, slots=True)
class JudgeReferences:
    """Everything that points to judges. The caller holds both judges' row locks."""

    session: AsyncSession
    activities: ActivityService

    async def standing(self, judge_id: UUID) -> JudgeMerge | None:
        """The merge that put a judge's record aside, held until the transaction ends."""
        statement = select(JudgeMerge).where(
            col(JudgeMerge.judge_id) == judge_id, col(JudgeMerge.undone_at).is_(None)
        )
        return (await self.session.exec(statement.with_for_update())).first()

    async def move(self, merge: JudgeMerge, spelling: str, raw: str) -> dict[str, int]:
        """Move every reference, note each, and let the spelling mean the other judge."""
        values = _values(merge)
        for kind, (table, column, condition) in COLUMNS.items():
            sql = MOVE.format(table=table, column=column, condition=condition)
            await self._run(sql, values | {"kind": kind.value})
        for sql in (KEEP_SEATS, CLEAR_SEATS, TAKE_SEATS, MOVE_POSTINGS):
            await self._run(sql, values)
        alias = {"spelling": spelling, "raw": raw, "alias_id": uuid7()}
        await self._run(
            ADD_ALIAS, values | alias | {"at": merge.created_at, "by": merge.created_by}
        )
        await MergeTelling(self.session, merge).moved()
        return await self._settle(merge)

    async def move_back(self, merge: JudgeMerge) -> dict[str, int]:
        """Move everything back that the merge moved and that is still there."""
        values, telling = _values(merge), MergeTelling(self.session, merge)
        await telling.about_to_drop()
        for sql in (DROP_ALIAS, CLEAR_SEATS, RESTORE_SEATS):
            await self._run(sql, values)
        for kind, (table, column, _) in (*COLUMNS.items(), (Moved.POSTING, POSTING)):
            sql = MOVE_BACK.format(table=table, column=column)
            await self._run(sql, values | {"kind": kind.value})
        await telling.moved_back()
        return await self._settle(merge)

    async def touched_cases(self, merge: JudgeMerge) -> list[UUID]:
        """The cases that a moved reference is of."""
        return [row[0] for row in await self._run(TOUCHED, _values(merge))]

    async def _settle(self, merge: JudgeMerge) -> dict[str, int]:
        """Digest the benches anew, and count what was moved."""
        after = UUID(int=0)
        while seated := await self._seated(merge, after):
            await self.activities.renew_hashes(seated)
            after = seated[-1]
        counted = await self._run(COUNT, _values(merge))
        return {str(row.kind): int(row.moved) for row in counted}

    async def _seated(self, merge: JudgeMerge, after: UUID) -> Sequence[UUID]:
        found = await self._run(SEATED, _values(merge) | {"after": after, "limit": CHUNK})
        return [row[0] for row in found]

    async def _run(self, sql: str, values: Mapping[str, Any]) -> CursorResult[Any]:
        connection = await self.session.connection()
        names = set(text(sql).compile().params)
        statement = registry_wide(text(sql), "a merge moves every reference, at all courts")
        return await connection.execute(
            statement, {name: value for name, value in values.items() if name in names}
        )


def _values(merge: JudgeMerge) -> dict[str, Any]:
    return {"merge_id": merge.id, "judge_id": merge.judge_id, "into_id": merge.into_id}

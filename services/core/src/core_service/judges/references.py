"""Moves references from one judge to another, in statements that store each row they move."""

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
from core_service.judges.events import MergeEvents
from core_service.judges.models import JudgeMerge, Moved

CHUNK: Final = 500

# Simple references: table, column, and which rows. A seat on a bench is not one: see below.
COLUMNS: Final[Mapping[Moved, tuple[str, str, str]]] = {
    Moved.CASE: ("cases", "lead_judge_id", "true"),
    Moved.ASSIGNMENT: ("case_judge_assignments", "judge_id", "true"),
    Moved.HEARING: ("hearings", "judge_id", "true"),
    Moved.PLANNED_HEARING: ("hearings", "planned_judge_id", "true"),
    Moved.ALIAS: ("aliases", "target_id", "kind = 'judge'"),
    # IDs are unique across tables, so only aliases of judges match.
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

# The seats of both judges on the benches of the merged one.
STORE_SEATS: Final = """
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
# A judge with two seats on a bench keeps the higher one.
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

# Principal postings that would overlap stay with the merged record.
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

# The name of the merged record becomes an alias of the other judge.
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
AFFECTED: Final = """
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
    """All references to judges. The caller has locked both judges."""

    session: AsyncSession
    activities: ActivityService

    async def current_merge(self, judge_id: UUID) -> JudgeMerge | None:
        """The merge of this judge that is not undone, locked."""
        statement = select(JudgeMerge).where(
            col(JudgeMerge.judge_id) == judge_id, col(JudgeMerge.undone_at).is_(None)
        )
        return (await self.session.exec(statement.with_for_update())).first()

    async def move(self, merge: JudgeMerge, spelling: str, raw: str) -> dict[str, int]:
        """Move and store every reference, and add the name as an alias of the other judge."""
        values = _values(merge)
        for kind, (table, column, condition) in COLUMNS.items():
            sql = MOVE.format(table=table, column=column, condition=condition)
            await self._run(sql, values | {"kind": kind.value})
        for sql in (STORE_SEATS, CLEAR_SEATS, TAKE_SEATS, MOVE_POSTINGS):
            await self._run(sql, values)
        alias = {"spelling": spelling, "raw": raw, "alias_id": uuid7()}
        await self._run(
            ADD_ALIAS, values | alias | {"at": merge.created_at, "by": merge.created_by}
        )
        await MergeEvents(self.session, merge).write_moved()
        return await self._finish(merge)

    async def move_back(self, merge: JudgeMerge) -> dict[str, int]:
        """Move back what the merge moved, as far as it still exists."""
        values, events = _values(merge), MergeEvents(self.session, merge)
        await events.write_alias_deleted()
        for sql in (DROP_ALIAS, CLEAR_SEATS, RESTORE_SEATS):
            await self._run(sql, values)
        for kind, (table, column, _) in (*COLUMNS.items(), (Moved.POSTING, POSTING)):
            sql = MOVE_BACK.format(table=table, column=column)
            await self._run(sql, values | {"kind": kind.value})
        await events.write_moved_back()
        return await self._finish(merge)

    async def affected_cases(self, merge: JudgeMerge) -> list[UUID]:
        """The cases of moved references."""
        return [row[0] for row in await self._run(AFFECTED, _values(merge))]

    async def _finish(self, merge: JudgeMerge) -> dict[str, int]:
        """Update the digests of the benches, and count what was moved."""
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

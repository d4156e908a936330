"""Moves references from one judge to another, in statements that store each row they move."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    not_,
    select,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.actors import Actor
from core_service.access.reach import registry_wide
from core_service.activities.seats import ENTITY, AnySelect, Seats
from core_service.aliases.models import AliasKind
from core_service.aliases.service import AliasService
from core_service.audit.selection import note_selected
from core_service.judge_columns import JudgeColumn, JudgeColumns
from core_service.judges.models import JudgeMerge, JudgeMergeItem, JudgePosting
from core_service.reference.models import Judge

CHUNK: Final = 500
SEAT: Final = "seat"
NEW_ALIAS: Final = "new_alias"
POSTING: Final = JudgeColumn(
    "posting", JudgePosting, "judge_id", court_id=col(JudgePosting.court_id)
)
ITEM: Final = ["merge_id", "kind", "row_id", "place", "judge_id"]
Item = JudgeMergeItem


@dataclass(frozen=True, slots=True)
class JudgeReferences:
    """All references to judges. The caller has locked both judges."""

    session: AsyncSession
    seats: Seats
    aliases: AliasService
    columns: JudgeColumns

    async def move(self, merge: JudgeMerge, judge: Judge, by: Actor) -> dict[str, int]:
        """Move and store every reference, and add the name as an alias of the other judge."""
        for column in self._columns():
            await self._run(_move(column, merge))
        both = [merge.judge_id, merge.into_id]
        await self._run(_store(merge, SEAT, *self.seats.of_both(*both).subquery().c))
        await self.seats.clear(_of(merge, SEAT, col(Item.row_id)), both)
        # A judge with two seats on a bench keeps the higher one.
        row_id, place = col(Item.row_id), func.min(col(Item.place))
        taken = _of(merge, SEAT, row_id, place, literal(merge.into_id))
        await self.seats.fill(taken.group_by(row_id))
        await self._add_alias(merge, judge, by)
        await self._note(merge, merge.judge_id, merge.into_id)
        return await self._finish(merge)

    async def move_back(self, merge: JudgeMerge) -> dict[str, int]:
        """Move back what the merge moved, as far as it still exists."""
        for alias_id in await self._all(_of(merge, NEW_ALIAS, col(Item.row_id))):
            await self.aliases.drop_unless_used(alias_id)
        await self.seats.clear(_of(merge, SEAT, col(Item.row_id)), [merge.judge_id, merge.into_id])
        columns = (col(Item.row_id), col(Item.place), col(Item.judge_id))
        await self.seats.fill(_of(merge, SEAT, *columns))
        for column in self._columns():
            await self._run(_move_back(column, merge))
        await self._note(merge, merge.into_id, merge.judge_id)
        return await self._finish(merge)

    async def affected_cases(self, merge: JudgeMerge) -> Sequence[UUID]:
        """The cases whose judges follow from moved references."""
        located = self.seats.located().subquery()
        seated = _of(merge, SEAT, located.c.case_id)
        others = (
            _of(merge, column.kind, column.case_id).where(col(Item.row_id) == column.table.c.id)
            for column in self._columns()
            if column.case_id is not None
        )
        return await self._all(
            union(seated.where(col(Item.row_id) == located.c.activity_id), *others)
        )

    def _columns(self) -> Sequence[JudgeColumn]:
        return (*self.columns.declared, POSTING)

    async def _add_alias(self, merge: JudgeMerge, judge: Judge, by: Actor) -> None:
        alias_id = await self.aliases.add_accepted(
            AliasKind.JUDGE, judge.display_name, merge.into_id, by
        )
        if alias_id is not None:
            self.session.add(Item(merge_id=merge.id, kind=NEW_ALIAS, row_id=alias_id))
            await self.session.flush()

    async def _note(self, merge: JudgeMerge, before: UUID, after: UUID) -> None:
        """Write events of what was moved."""
        for selection in _changes(self._columns(), merge, _pair(str(before), str(after))):
            await note_selected(self.session, selection)
        located = self.seats.located().subquery()
        separate = func.jsonb_agg(aggregate_order_by(col(Item.judge_id), col(Item.place)))
        benches = _of(merge, SEAT, col(Item.row_id), separate.label("judges"))
        bench = benches.group_by(col(Item.row_id)).subquery()
        merged = _pair(str(merge.into_id))
        pair = (bench.c.judges, merged) if before == merge.judge_id else (merged, bench.c.judges)
        changes = func.jsonb_build_object("judge_ids", func.jsonb_build_array(*pair))
        noted = (literal("update"), literal(ENTITY), bench.c.row_id, located.c.court_id, changes)
        await note_selected(
            self.session, select(*noted).where(located.c.activity_id == bench.c.row_id)
        )

    async def _finish(self, merge: JudgeMerge) -> dict[str, int]:
        """Update the digests of the benches, and count what was moved."""
        after, row_id = UUID(int=0), col(Item.row_id)
        seated = _of(merge, SEAT, row_id).distinct().order_by(row_id).limit(CHUNK)
        while benches := await self._all(seated.where(row_id > after)):
            await self.seats.renew_hashes(benches)
            after = benches[-1]
        kind = col(Item.kind)
        counts = select(kind, func.count()).where(col(Item.merge_id) == merge.id).group_by(kind)
        return dict(map(tuple, await self._run(counts)))

    async def _all(self, statement: Executable) -> Sequence[UUID]:
        return (await self._run(statement)).scalars().all()

    async def _run(self, statement: Executable) -> CursorResult[Any]:
        connection = await self.session.connection()
        reached = registry_wide(statement, "a merge moves every reference, at all courts")
        return await connection.execute(reached)


def _of(merge: JudgeMerge, kind: str, *columns: Any) -> AnySelect:
    return select(*columns).where(col(Item.merge_id) == merge.id, col(Item.kind) == kind)


def _store(merge: JudgeMerge, kind: str, *row: Any) -> Executable:
    """Rows of their ID, their place and the judge to whom they pointed."""
    values = select(literal(merge.id), literal(kind), *row)
    return insert(Item).from_select(ITEM, values)


def _move(column: JudgeColumn, merge: JudgeMerge) -> Executable:
    conditions = [column.table.c[column.name] == merge.judge_id, column.condition]
    if column is POSTING:
        conditions.append(not_(_overlaps(merge.into_id)))
    values = {column.name: merge.into_id, **_updated(column, merge)}
    moving = update(column.table).where(*conditions).values(values)
    moved = moving.returning(column.table.c.id).cte("moved")
    return _store(merge, column.kind, moved.c.id, literal(0), literal(merge.judge_id))


def _move_back(column: JudgeColumn, merge: JudgeMerge) -> Executable:
    values = {column.name: col(Item.judge_id), **_updated(column, merge)}
    back = update(column.table).values(values)
    return back.where(
        col(Item.merge_id) == merge.id,
        col(Item.kind) == column.kind,
        col(Item.row_id) == column.table.c.id,
    )


def _updated(column: JudgeColumn, merge: JudgeMerge) -> dict[str, datetime]:
    """The time by which the history of the column dates the change."""
    return {"updated_at": merge.updated_at} if "updated_at" in column.table.c else {}


def _overlaps(into_id: UUID) -> ColumnElement[bool]:
    """A principal posting that overlaps one of the other judge; it stays with the merged record."""
    other = aliased(JudgePosting)
    days, others = (
        func.daterange(col(posting.from_on), col(posting.to_on), "[)")
        for posting in (JudgePosting, other)
    )
    overlapping = exists().where(
        col(other.judge_id) == into_id, col(other.principal), others.op("&&")(days)
    )
    return and_(col(JudgePosting.principal), overlapping)


def _pair(*judge_ids: str) -> ColumnElement[Any]:
    return func.jsonb_build_array(*(cast(judge_id, Text) for judge_id in judge_ids))


def _changes(
    columns: Sequence[JudgeColumn], merge: JudgeMerge, pair: ColumnElement[Any]
) -> Iterator[AnySelect]:
    """An event for each row, whose columns may have moved together."""
    by_table: Mapping[str, list[JudgeColumn]] = defaultdict(list)
    for column in columns:
        by_table[column.entity].append(column)
    for entity, alike in by_table.items():
        names = {column.kind: column.name for column in alike}
        changes = func.jsonb_object_agg(case(names, value=col(Item.kind)), pair)
        row_id = alike[0].table.c.id
        noted = (literal("update"), literal(entity), row_id, alike[0].court_id, changes)
        yield (
            select(*noted)
            .where(
                col(Item.merge_id) == merge.id,
                col(Item.kind).in_(names),
                col(Item.row_id) == row_id,
                alike[0].audited,
            )
            .group_by(row_id)
        )

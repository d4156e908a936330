"""Rows as they were known at an earlier moment: the stored row of then, or else the row itself."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Table,
    and_,
    column,
    func,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from core_service.cases.models import Case
from core_service.ledger.models import ActivityJudge, CaseActivity
from core_service.metrics.models import Superseded

# The stored row of a statement's case, and of its hearing.
CASE_THEN: Final[Any] = aliased(Superseded, name="case_then")
HEARING_THEN: Final[Any] = aliased(Superseded, name="hearing_then")


def known_by(recorded_at: Any, ended_at: Any, at: datetime | None) -> ColumnElement[bool]:
    """That a row was recorded and had not ended at a moment, or now."""
    if at is None:
        return ended_at.is_(None)  # type: ignore[no-any-return]
    return and_(recorded_at <= at, or_(ended_at.is_(None), ended_at > at))


@lru_cache(maxsize=256)
def table_then(model: type[SQLModel], at: datetime) -> Any:
    """A table of reference data at a moment: one alias of each, whichever statement joins it."""
    table: Table = cast(Any, model).__table__
    stored = func.jsonb_populate_record(text(f"NULL::{table.name}"), col(Superseded.was))
    then = stored.table_valued(*(column(each.name, each.type) for each in table.columns))
    changed = select(then).select_from(Superseded).join(then, true()).where(*_was(model, at))
    same = select(table).where(table.c.id.not_in(changed_since(model, at)))
    return aliased(model, union_all(same, changed).cte())


def seats_then(at: datetime | None) -> Any:
    """The seats of benches at a moment, or now."""
    if at is None:
        return ActivityJudge
    seats: Any = cast(Any, ActivityJudge).__table__
    each = func.jsonb_each_text(col(Superseded.was)).table_valued("key", "value")
    changed = (
        select(col(Superseded.row_id), cast_to(each.c.key, Integer), cast_to(each.c.value, UUID))
        .select_from(Superseded)
        .join(each, true())
        .where(*_was(ActivityJudge, at))
    )
    same = select(seats.c.activity_id, seats.c.position, seats.c.judge_id).where(
        seats.c.activity_id.not_in(changed_since(ActivityJudge, at))
    )
    return aliased(ActivityJudge, union_all(same, changed).subquery("seats_then"))


def is_of(then: Any, model: type[SQLModel], row_id: Any) -> ColumnElement[bool]:
    """That a stored row is one of this row."""
    return and_(then.table_name == _name(model), then.row_id == row_id)


def was_deleted(at: datetime | None) -> ColumnElement[bool]:
    """The condition that a case was deleted at a moment, or is."""
    return _had_ended(Case, "deleted_at", at)


def was_voided(at: datetime | None) -> ColumnElement[bool]:
    """The condition that an activity was voided at a moment, or is."""
    return _had_ended(CaseActivity, "voided_at", at)


def _had_ended(
    model: type[Case | CaseActivity], ended_at: str, at: datetime | None
) -> ColumnElement[bool]:
    ended: ColumnElement[datetime | None] = getattr(model, ended_at)
    if at is None:
        return ended.is_not(None)
    then = cast_to(col(Superseded.was)[ended_at].astext, DateTime(timezone=True))
    taken_back = select(col(Superseded.row_id)).where(
        col(Superseded.table_name) == _name(model), col(Superseded.retracted_at) > at, then <= at
    )
    return or_(and_(ended.is_not(None), ended <= at), col(model.id).in_(taken_back))


def _was(model: type[SQLModel], at: datetime) -> tuple[ColumnElement[bool], ...]:
    recorded_at, retracted_at = col(Superseded.recorded_at), col(Superseded.retracted_at)
    return (
        col(Superseded.table_name) == _name(model),
        known_by(recorded_at, retracted_at, at),
    )


def changed_since(model: type[SQLModel], at: datetime) -> Any:
    """The IDs of rows that a stored row replaces what is known now of, at a moment before."""
    return select(col(Superseded.row_id)).where(
        col(Superseded.table_name) == _name(model), col(Superseded.retracted_at) > at
    )


def _name(model: type[SQLModel]) -> str:
    name: str = cast(Any, model).__table__.name
    return name

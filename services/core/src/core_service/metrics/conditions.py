"""What a question counts, as conditions and dimensions of statements."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    case,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    text,
    union,
)
from sqlmodel import SQLModel, col

from common.identity import CourtScope
from core_service.access.courts import EVERYWHERE, NOWHERE, within
from core_service.cases.models import Case
from core_service.cases.visibility import Visibility
from core_service.ledger.models import CaseStatusEvent
from core_service.metrics.figures import NO_JUDGE, Dimension, Moment, Period, Selection
from core_service.metrics.known import (
    CASE_THEN,
    changed_since,
    is_of,
    known_by,
    table_then,
    was_deleted,
)
from core_service.metrics.questions import SettledQuery
from core_service.reference.models import CaseType, Court

Count = ColumnElement[Any]
Statement = Select[*tuple[Any, ...]]
Listing = Statement

Event = CaseStatusEvent
SOURCE: Final = "figure_source"  # among the execution options of a statement that is limited


@dataclass(frozen=True, slots=True)
class Source:
    """Which columns of a statement say what its rows belong to, as known at the moment."""

    court_id: Any
    case_type_id: Any
    judge_id: Any


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted, by which groups, and for whom. Statements over it join `Case`."""

    query: SettledQuery
    seen: Visibility
    only: CourtScope = EVERYWHERE  # to count some courts again

    @property
    def courts(self) -> CourtScope:
        """The courts that are counted."""
        chosen, courts = self.selection.court_id, self.seen.courts
        if self.only.courts is not None:
            courts = self.only
        if chosen is None:
            return courts
        return CourtScope(frozenset({chosen})) if chosen in courts else NOWHERE

    @property
    def moment(self) -> Moment:
        return self.query.moment

    @property
    def period(self) -> Period:
        return self.query.period

    @property
    def selection(self) -> Selection:
        return self.query.selection

    @property
    def group_by(self) -> tuple[Dimension, ...]:
        return self.query.dimensions

    @property
    def hides_sealed(self) -> bool:
        """Whether there may be sealed cases that count and that the caller may not see."""
        return self.seen.hides_sealed(self.selection.court_id)

    @property
    def follows_seals(self) -> bool:
        """Whether a seal changes what is counted: on which day, for those who may not see it."""
        return self.hides_sealed and not self.query.is_of_whole_months

    @property
    def hidden(self) -> ColumnElement[bool]:
        """The condition that the caller may not see the case because it is sealed."""
        if not self.hides_sealed:
            return false()
        return and_(col(Case.sealed).is_(True), not_(within(Case.court_id, self.seen.sealed)))

    def day(self, day: Any) -> ColumnElement[date]:
        """The day that something counts on: what the caller may not see, at its month's end."""
        if not self.hides_sealed:
            return cast(day, Date)
        return case((self.hidden, cast(month_end_of(day), Date)), else_=day)

    @property
    def whole(self) -> "Question":
        """The same without groups."""
        return replace(self, query=self.query.whole())

    def as_known(
        self, condition: Callable[[datetime | None], ColumnElement[bool]]
    ) -> ColumnElement[bool]:
        """A condition as known at the moment; at its month's end on what the caller may not see."""
        moment = self.moment
        if moment.known_at == moment.month_known_at or not self.hides_sealed:
            return condition(moment.known_at)
        hidden, by_month = self.hidden, condition(moment.month_known_at)
        return or_(
            and_(not_(hidden), condition(moment.known_at)),
            and_(hidden, by_month),
        )

    def known(self, recorded_at: Any, ended_at: Any) -> ColumnElement[bool]:
        """That a row was recorded by the moment and not retracted (voided, ended) by it."""
        return self.as_known(lambda at: known_by(recorded_at, ended_at, at))

    @property
    def not_deleted(self) -> ColumnElement[bool]:
        """That the case was not deleted at the moment."""
        return not_(self.as_known(was_deleted))

    def has_changed(self, case_id: Any) -> ColumnElement[bool]:
        """That more or less is known of a case than was at the moment: of its events, or whether it
        is deleted.
        """
        at = self.moment.known_at
        if at is None:
            return false()
        recorded = or_(col(Event.recorded_at) > at, col(Event.retracted_at) > at)
        of_events = select(col(Event.case_id)).where(recorded, within(Event.court_id, self.courts))
        deleted = select(col(Case.id)).where(col(Case.deleted_at) > at)
        changed: ColumnElement[bool] = case_id.in_(
            union(of_events, deleted, changed_since(Case, at))
        )
        return changed

    @property
    def is_now(self) -> bool:
        """Whether all that is known counts, and not what was known at an earlier moment."""
        return self.moment.known_at is None

    @property
    def asks_for_judges(self) -> bool:
        """Whether it takes the judge of each case to answer it."""
        return self.selection.judge_id is not None or Dimension.JUDGE in self.group_by

    @property
    def reads_cases(self) -> bool:
        """Whether it takes the cases of events to answer it."""
        return self.asks_for_judges or self.hides_sealed or not self.is_now

    def cases(self) -> Source:
        """The dimensions of `Case` itself, for what is no event of the ledger."""
        case_type_id: Any = col(Case.case_type_id)
        if not self.is_now:
            known = self.known(col(Event.recorded_at), col(Event.retracted_at))
            of_events = select(col(Event.case_type_id)).where(col(Event.case_id) == Case.id, known)
            then = of_events.limit(1).correlate(Case).scalar_subquery()
            # A lookup for each row took most of the time: few have changed since.
            case_type_id = case(
                (self.has_changed(col(Case.id)), func.coalesce(then, case_type_id)),
                else_=case_type_id,
            )
        return Source(col(Case.court_id), case_type_id, self.lead_id)

    def table(self, model: type[SQLModel]) -> Any:
        """A table of reference data, as it was known."""
        return model if self.moment.known_at is None else table_then(model, self.moment.known_at)

    @property
    def lead_id(self) -> Any:
        """The judge who led the case."""
        now = col(Case.lead_judge_id)
        if self.is_now:
            return now
        then = cast(CASE_THEN.was["lead_judge_id"].astext, Uuid)
        return case((CASE_THEN.id.is_not(None), then), else_=now)

    def limited(self, statement: Statement, source: Source, *, of_cases: bool = True) -> Statement:
        """A statement over rows of `source` that the question counts; joins their dimensions."""
        selection, limited = self.selection, self._joined(statement, source)
        wanted: list[tuple[Any, Any]] = [
            (selection.court_type, self.table(Court).court_type),
            (selection.category_id, self.table(CaseType).category_id),
            (selection.case_type_id, source.case_type_id),
        ]
        conditions = [column == value for value, column in wanted if value is not None]
        if of_cases:
            # A row's court is its case's: that the database knows it leaves most cases unread.
            conditions.append(within(Case.court_id, self.courts))
        if selection.judge_id is not None:
            conditions.append(_led_by(source.judge_id, selection.judge_id))
        limited = limited.where(within(source.court_id, self.courts), *conditions)
        return limited.execution_options(**{SOURCE: source})

    def _joined(self, statement: Statement, source: Source) -> Statement:
        court, case_type = self.table(Court), self.table(CaseType)
        joined = statement.join(court, court.id == source.court_id)
        joined = joined.join(case_type, case_type.id == source.case_type_id)
        if self.is_now or not self.asks_for_judges:
            return joined
        known = self.known(CASE_THEN.recorded_at, CASE_THEN.retracted_at)
        return joined.outerjoin(CASE_THEN, and_(is_of(CASE_THEN, Case, Case.id), known))

    def keys(self, dimension: Dimension, source: Source | None = None) -> Any:
        """What a row is of a dimension, by its ID where it has one."""
        given = source or self.cases()
        keys = {
            Dimension.COURT: given.court_id,
            Dimension.COURT_TYPE: self.table(Court).court_type,
            Dimension.CATEGORY: self.table(CaseType).category_id,
            Dimension.CASE_TYPE: given.case_type_id,
            Dimension.JUDGE: given.judge_id,
        }
        return keys[dimension]


def month_end_of(day: Any) -> Any:
    return func.date_trunc("month", day) + text("interval '1 month - 1 day'")


def _led_by(judge_column: Any, judge_id: UUID) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = (
        judge_column.is_(None) if judge_id == NO_JUDGE else judge_column == judge_id
    )
    return condition

"""What judges have decided. A bench counts for each of its members, and once for the court."""

from enum import StrEnum
from typing import Any

from sqlalchemy import String, case, cast, literal, null, select, true, union_all
from sqlmodel import col

from common.schemas import ResponseModel
from core_service.ledger.models import CaseStatusEvent as Event
from core_service.metrics.conditions import Question, Statement
from core_service.metrics.counting import CountedFigure, Rows
from core_service.metrics.events import counted_events, counted_on
from core_service.metrics.figures import Dimension
from core_service.metrics.frame import Values
from core_service.metrics.lives import RESOLVED
from core_service.metrics.recorded import (
    Activity,
    activities,
    attributed,
    belonging,
    by_members,
    of_any_judge,
    recorded_on,
    with_effect,
)
from core_service.reference.models import Effect, Outcome


class ProductivityColumn(StrEnum):
    """Which decisions."""

    DECISIONS = "decisions"
    MERITS = "merits"
    NON_MERITS = "non_merits"
    RULINGS = "rulings"


class ProductivityValues(ResponseModel):
    """Cases disposed of on the merits and otherwise, and rulings that left the case pending.

    The link lists `column=decisions`, all three; `merits`, `non_merits` and `rulings` list each.
    """

    decisions: int
    merits: int
    non_merits: int
    rulings: int


class Productivity(CountedFigure):
    """Merits, non-merits and rulings."""

    name = "productivity"
    title = "productivity of courts and judges"
    text = (
        "Cases disposed of on the merits and otherwise, and rulings delivered, by court and judge. "
        "A decision of a bench is credited to each of its members and once to the court: two "
        "judges who sat together on one judgment have one each, and their court one. Disposals "
        "are those of the ledger, so that a second closure of a case does not count; whether one "
        "is on the merits is a property of its outcome, and an outcome without it counts as not."
    )
    values = ProductivityValues
    columns = ProductivityColumn
    group_by = (Dimension.COURT, Dimension.JUDGE)
    credits_members = True

    def rows(self, question: Question) -> Rows:
        found = union_all(_disposals(question), _rulings(question)).subquery("decisions")
        return Rows(
            _credited(question, found),
            found.c.on,
            found.c.id,
            found.c.case_id,
            {
                ProductivityColumn.DECISIONS: true(),
                **{each: found.c.kind == each.value for each in list(ProductivityColumn)[1:]},
            },
        )

    def line(self, counts: Values, question: Question) -> Values:
        return counts


def _credited(question: Question, found: Any) -> Statement:
    """To each member when judges are asked for, else to the court alone."""
    if Dimension.JUDGE in question.group_by or question.selection.judge_id is not None:
        return by_members(question, found, found.c.activity_id)
    return attributed(question, select().select_from(found), found, null())


def _disposals(question: Question) -> Statement:
    of_court, period = of_any_judge(question), question.period
    merits, otherwise = (literal(each.value) for each in list(ProductivityColumn)[1:3])
    outcome = question.table(Outcome)
    return (
        counted_events(of_court)
        .outerjoin(Activity, col(Activity.id) == Event.activity_id)
        .outerjoin(outcome, outcome.id == Activity.outcome_id)
        .add_columns(
            col(Event.id).label("id"),
            col(Event.activity_id).label("activity_id"),
            col(Event.case_id).label("case_id"),
            col(Event.court_id).label("court_id"),
            col(Event.case_type_id).label("case_type_id"),
            counted_on(of_court).label("on"),
            case((outcome.on_merits.is_(True), merits), else_=otherwise).label("kind"),
        )
        .where(
            col(Event.kind).in_(RESOLVED),
            col(Event.activity_id).is_not(None),
            counted_on(of_court).between(period.first, period.last),
        )
    )


def _rulings(question: Question) -> Statement:
    on, period = recorded_on(question), question.period
    return (
        activities(question)
        .add_columns(
            col(Activity.id).label("id"),
            col(Activity.id).label("activity_id"),
            *belonging(question),
            on.label("on"),
            cast(literal(ProductivityColumn.RULINGS.value), String).label("kind"),
        )
        .where(with_effect(question, Effect.DELIVER), on.between(period.first, period.last))
    )

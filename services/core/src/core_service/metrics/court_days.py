"""The days of each case in court, and which setting of its matter each was.

What is known now is in the hearings' table; what was known earlier is not (`known_court_days.py`).
"""

import operator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from core_service.access.courts import within
from core_service.cases.models import Case
from core_service.hearings.derivation import CLOSINGS
from core_service.hearings.models import Hearing, HearingStatus
from core_service.ledger.models import CaseStatusEvent as Event
from core_service.ledger.steps import CLOSED
from core_service.metrics.conditions import Question
from core_service.metrics.known_court_days import known_settings, whole_months
from core_service.metrics.recorded import Activity


@dataclass(frozen=True, slots=True)
class CourtDays:
    """The days on which cases were `heard`, with the numbers of their settings; and those for which
    they were `scheduled` and that were not vacated, with whether they were heard.
    """

    heard: Any
    scheduled: Any


def court_days(question: Question) -> CourtDays:
    """Of cases that count in the period, and maybe of others."""
    if question.is_now:
        return CourtDays(_heard(), _scheduled(question))
    settings = known_settings(question)
    wanted = (settings.c.heard, settings.c.scheduled)
    return CourtDays(*(select(settings).where(each).subquery() for each in wanted))


def _heard() -> Any:
    columns: list[Any] = [Hearing.case_id, col(Hearing.hearing_on).label("on"), Hearing.setting_no]
    return select(*columns).where(col(Hearing.status) == HearingStatus.HEARD).subquery("heard")


def _scheduled(question: Question) -> Any:
    on_day, status = col(Hearing.hearing_on), col(Hearing.status)
    return (
        select(
            col(Hearing.case_id),
            col(Hearing.court_id),
            col(Case.case_type_id),
            on_day.label("on"),
            (status == HearingStatus.HEARD).label("heard"),
        )
        .join(Case, and_(col(Case.id) == Hearing.case_id, question.not_deleted))
        .where(
            or_(col(Hearing.set_by_id).is_not(None), col(Hearing.is_manual)),
            or_(status != HearingStatus.VACATED, _was_set_until_closed()),
            on_day.between(*whole_months(question)),
            within(Hearing.court_id, question.courts),
            within(Case.court_id, question.courts),  # the same, by which fewer cases are read
        )
        .subquery("scheduled")
    )


def _was_set_until_closed() -> ColumnElement[bool]:
    """That a hearing which is vacated has been since its case was closed, and not before."""
    closed = and_(col(Case.status).in_(CLOSED), col(Case.status_since) < Hearing.hearing_on)
    setting, then = aliased(Activity), aliased(Activity)
    place = (tuple_(each.activity_on, each.seq, each.id) for each in (then, setting))
    moved = (
        select(
            and_(
                col(then.activity_on) < Hearing.hearing_on,
                or_(_closes(then), col(then.next_on) != Hearing.hearing_on),
            )
        )
        .where(
            col(then.case_id) == setting.case_id,
            col(then.voided_at).is_(None),
            operator.gt(*place),
            or_(col(then.next_on).is_not(None), _closes(then)),
        )
        .order_by(col(then.activity_on), col(then.seq), col(then.id))
        .limit(1)
        .correlate_except(then)
        .scalar_subquery()
    )
    stood = exists().where(
        col(setting.id) == Hearing.set_by_id,
        col(setting.voided_at).is_(None),
        not_(_closes(setting)),
        not_(func.coalesce(moved, False)),
    )
    manual = col(Hearing.is_manual)
    stood = stood.correlate_except(setting)
    return and_(closed, or_(and_(manual, ~col(Hearing.is_vacated)), and_(~manual, stood)))


def _closes(activity: Any) -> ColumnElement[bool]:
    closing = exists().where(
        col(Event.activity_id) == activity.id,
        col(Event.case_id) == activity.case_id,  # which an index has
        col(Event.kind).in_(CLOSINGS),
        col(Event.retracted_at).is_(None),
    )
    return closing.correlate_except(Event)

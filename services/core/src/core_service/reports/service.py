"""The monthly report of a station, and its publication."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from common.errors import NotFound
from common.keyset import Pager, Slice
from common.pages import PageRequest
from core_service.access.actors import creation_columns
from core_service.access.callers import Administrator
from core_service.access.courts import require_court
from core_service.cases.visibility import Visibility
from core_service.court_calendar import CourtCalendar
from core_service.metrics.catalogue import FIGURES
from core_service.metrics.figures import Dimension, Period, Selection, month_end
from core_service.metrics.frame import Figure
from core_service.metrics.questions import FigureQuery, SettledQuery, settle
from core_service.metrics.stored import FigureAnswers
from core_service.reference.models import Court
from core_service.reports.bodies import Body
from core_service.reports.errors import MonthNotOver
from core_service.reports.models import MetricSnapshot
from core_service.reports.repository import LATEST_FIRST, SnapshotRepository
from core_service.reports.restatement import ChangedGroup, Restatements

# A fact is recorded by the clock of its process, a little before its transaction commits.
CLOCKS_APART: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Restated:
    """Last month as it was published, and what later knowledge has changed of it."""

    published: MetricSnapshot
    groups: Sequence[ChangedGroup]


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """All figures of a court's month, as known at one moment."""

    court: Court
    period: Period
    known_on: date | datetime
    figures: Sequence[tuple[Figure, Body]]
    published: MetricSnapshot | None
    last_month: Restated | None
    zone: ZoneInfo
    """The courts', for the times on it."""


@dataclass(frozen=True, slots=True)
class ReportService:
    """Reads reports in a view of one moment."""

    answers: FigureAnswers
    snapshots: SnapshotRepository
    restatements: Restatements
    calendar: CourtCalendar
    pager: Pager

    async def monthly(
        self, court_id: UUID, month: date, known_on: date | datetime | None, seen: Visibility
    ) -> MonthlyReport:
        """A court's month. Raises PermissionDenied, NotFound."""
        require_court(seen.courts, court_id)
        settled = {figure: self._query(figure, court_id, month, known_on) for figure in FIGURES}
        query = next(iter(settled.values()))
        known_at = query.moment.known_at or self.calendar.clock.now()
        return MonthlyReport(
            court=await self._court(court_id, query.moment.known_at),
            period=query.period,
            known_on=query.known_on,
            figures=[(each, await self._body(each, settled[each], seen)) for each in FIGURES],
            published=await self.snapshots.latest(court_id, month, known_at, seen),
            last_month=await self._restated(
                court_id, (month - timedelta(days=1)).replace(day=1), known_on, known_at, seen
            ),
            zone=self.calendar.zone,
        )

    async def published(
        self, court_id: UUID | None, page: PageRequest, seen: Visibility
    ) -> Slice[MetricSnapshot]:
        """The publications of the caller's courts, the latest first. Raises CursorInvalid."""
        statement = self.snapshots.readable(seen)
        if court_id is not None:
            statement = statement.where(MetricSnapshot.court_id == court_id)
        purpose = f"snapshots\x00{court_id}"
        return await self.pager.cut(self.snapshots, statement, LATEST_FIRST, page, purpose=purpose)

    async def _restated(
        self,
        court_id: UUID,
        month: date,
        known_on: date | datetime | None,
        known_at: datetime,
        seen: Visibility,
    ) -> Restated | None:
        published = await self.snapshots.latest(court_id, month, known_at, seen)
        if published is None:
            return None
        groups: list[ChangedGroup] = []
        for figure in FIGURES:
            then = self._query(figure, court_id, month, published.known_on)
            now = self._query(figure, court_id, month, known_on)
            bodies = [await self._body(figure, query, seen) for query in (then, now)]
            groups += await self.restatements.between(
                figure, (then, bodies[0]), (now, bodies[1]), seen
            )
        return Restated(published, groups)

    def _query(
        self, figure: Figure, court_id: UUID, month: date, known_on: date | datetime | None
    ) -> SettledQuery:
        """A figure's question about the month: by judge where it is about judges."""
        groups = tuple(each for each in figure.group_by if each is not Dimension.COURT)
        query = FigureQuery(
            first=month,
            last=month_end(month),
            known_on=known_on,
            selection=Selection(court_id=court_id),
            group_by=groups or (Dimension.COURT,),
        )
        return settle(query, self.calendar)

    async def _body(self, figure: Figure, query: SettledQuery, seen: Visibility) -> Body:
        body: Body = json.loads(await self.answers.read(figure, query, seen))
        return body

    async def _court(self, court_id: UUID, known_at: datetime | None) -> Court:
        """The court as it was called then."""
        court = await self.snapshots.court(court_id, known_at)
        if court is None:
            raise NotFound("There is no such court")
        return court


@dataclass(frozen=True, slots=True)
class Publishing:
    """Records that a court's month was published."""

    snapshots: SnapshotRepository
    calendar: CourtCalendar

    async def publish(self, court_id: UUID, month: date, by: Administrator) -> MetricSnapshot:
        """Publish a month as it is known. Raises PermissionDenied, MonthNotOver, Unavailable."""
        by.require_court(court_id)
        if month_end(month) >= self.calendar.today():
            raise MonthNotOver
        now = self.calendar.clock.now()
        # What is being written at this moment will have been recorded before it, and would count
        # when the month is produced again: the publication is of the moment before.
        writing_since = await self.snapshots.oldest_writer()
        snapshot = MetricSnapshot(
            **creation_columns(by.actor, now),
            court_id=court_id,
            month=month,
            known_on=min(now, writing_since or now) - CLOCKS_APART,
            definitions={figure.name: figure.version for figure in FIGURES},
        )
        await self.snapshots.add(snapshot)
        return snapshot

"""Which court has sent which sitting day, and how good what it sent was."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from common.errors import FieldError, ValidationFailed
from common.identity import Principal
from common.keyset import Order, Pager, Slice, SortKey, read_id
from common.pages import PageRequest
from common.repository import Repository
from core_service.access.courts import within
from core_service.activities.records import DayReported
from core_service.activities.service import ActivityService
from core_service.court_calendar import CourtCalendar
from core_service.reference.models import Court
from core_service.reference.sittings import CalendarLoader, SittingCalendar
from core_service.returns.compliance_repository import ComplianceRepository, RuleBroken
from core_service.returns.visibility import BatchView

# Days before the period from which a court's usual number of rows is taken as well.
USUAL_DAYS: Final = timedelta(days=90)
LONGEST: Final = timedelta(days=92)
ONE_DAY: Final = timedelta(days=1)
BY_NAME: Final[Order[Court]] = Order(
    "name",
    (
        SortKey(col(Court.name), lambda court: court.name),
        SortKey(col(Court.id), lambda court: court.id, read_id),
    ),
)


class DayStatus(StrEnum):
    """Whether the return of a sitting day came: on time, by the end of the next sitting day; or
    late, not yet (it is not late yet), or not at all.
    """

    ON_TIME = "on_time"
    LATE = "late"
    DUE = "due"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class SittingDay:
    """One sitting day of a court and its return."""

    on: date
    status: DayStatus
    rows: int
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class CourtCompliance:
    """What one court has sent of a period."""

    court: Court
    days: Sequence[SittingDay]
    usual_rows: float | None
    rows: int
    faultless_rows: int
    rules: Sequence[RuleBroken]

    @property
    def score(self) -> float | None:
        """The share of rows without a fault; None when there are no rows."""
        return round(self.faultless_rows / self.rows, 4) if self.rows else None


@dataclass(frozen=True, slots=True)
class CompliancePage:
    """A page of courts."""

    courts: Slice[Court]
    found: Sequence[CourtCompliance]


@dataclass(frozen=True, slots=True)
class _Sent:
    """What courts have sent, by court."""

    days: Mapping[UUID, Mapping[date, DayReported]]
    quality: Mapping[UUID, tuple[int, int]]
    rules: Mapping[UUID, Sequence[RuleBroken]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComplianceService:
    """Compares what courts have sent with the court calendar."""

    repository: ComplianceRepository
    activities: ActivityService
    calendar: CalendarLoader
    today: CourtCalendar
    pager: Pager

    async def page(
        self, first: date, last: date, court_id: UUID | None, by: Principal, page: PageRequest
    ) -> CompliancePage:
        """A page of the caller's courts in the order of their names.

        Raises PermissionDenied, ValidationFailed for a period that is too long.
        """
        view = BatchView.of(by)
        _check(first, last)
        statement = select(Court).where(
            within(Court.id, view.cases.courts), col(Court.is_active).is_(True)
        )
        if court_id is not None:
            statement = statement.where(col(Court.id) == court_id)
        courts: Repository[Court] = Repository(self.repository.session)
        purpose = f"compliance\x00{first}\x00{last}\x00{court_id}"
        found = await self.pager.cut(courts, statement, BY_NAME, page, purpose=purpose)
        ids = [court.id for court in found.rows]
        sent = await self._sent(first, last, ids, view)
        calendar = await self.calendar.load()
        return CompliancePage(
            found, [self._court(court, first, last, calendar, sent) for court in found.rows]
        )

    async def _sent(
        self, first: date, last: date, court_ids: Collection[UUID], view: BatchView
    ) -> _Sent:
        days: dict[UUID, dict[date, DayReported]] = defaultdict(dict)
        since = first - USUAL_DAYS
        for day in await self.activities.days_reported(since, last, court_ids, view.cases):
            days[day.court_id][day.on] = day
        from_moment, to_moment = self._moment(first), self._moment(last + ONE_DAY)
        rules: dict[UUID, list[RuleBroken]] = defaultdict(list)
        for broken in await self.repository.rules(from_moment, to_moment, court_ids):
            rules[broken.court_id].append(broken)
        return _Sent(days, await self.repository.rows(from_moment, to_moment, court_ids), rules)

    def _court(
        self, court: Court, first: date, last: date, calendar: SittingCalendar, sent: _Sent
    ) -> CourtCompliance:
        reported = sent.days.get(court.id, {})
        rows, faultless = sent.quality.get(court.id, (0, 0))
        begins = max(first, court.valid_from or first)
        ends = min(last, self.today.today(), (court.valid_to or date.max) - ONE_DAY)
        return CourtCompliance(
            court,
            [
                self._day(calendar, court.id, day, reported.get(day))
                for day in calendar.days(court.id, begins, ends)
            ],
            median(day.rows for day in reported.values()) if reported else None,
            rows,
            faultless,
            sent.rules.get(court.id, ()),
        )

    def _day(
        self, calendar: SittingCalendar, court_id: UUID, on: date, reported: DayReported | None
    ) -> SittingDay:
        due = self._moment(calendar.next_after(court_id, on) + ONE_DAY)
        if reported is None:
            missing = self.today.clock.now() >= due
            return SittingDay(on, DayStatus.MISSING if missing else DayStatus.DUE, 0, None)
        status = DayStatus.ON_TIME if reported.received_at < due else DayStatus.LATE
        return SittingDay(on, status, reported.rows, reported.received_at)

    def _moment(self, day: date) -> datetime:
        """When a day begins in the courts' time zone."""
        return datetime.combine(day, time.min, self.today.zone)


def _check(first: date, last: date) -> None:
    if not first <= last <= first + LONGEST:
        message = f"must be a period of at most {LONGEST.days} days"
        raise ValidationFailed(errors=(FieldError("to", "period", message),))

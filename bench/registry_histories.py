"""What happens to one invented case, with the error rates of real returns.

Each case has its own random generator, so that it does not depend on how many are generated.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID

from bench.registry_world import InventedCourt, Register, Words

from core_service.cases.models import CaseStatus
from core_service.ledger.models import VoidReason

# Error rates observed in courts' files.
BLANK_OUTCOMES: Final = 0.009
NOT_YET_ASSIGNED: Final = 0.06
CLOSED_TWICE: Final = 0.01
AFTER_CLOSING: Final = 0.005
ADJOURNED_WITHOUT_REASON: Final = 0.10
# Not measured: plausible values.
ADJOURNED: Final = 0.3
CORRECTED: Final = 0.012
VOIDED: Final = 0.002
REOPENED: Final = 0.02
PAUSED: Final = 0.04
RECORDED_LATE: Final = 0.05
CLOSED_PER_DAY: Final = 1 / 600
ON_MERITS: Final = 0.55
BLACKOUT_DAYS: Final = 120
SATURDAY: Final = 5
COURT_OPENS: Final = time(9, tzinfo=UTC)

MERITS: Final = ("Judgment Delivered", "Judgment Delivered- Case Closed", "Retrial")
NO_MERITS: Final = (
    "Matter Withdrawn",
    "Dismissed For Want Of Prosecution - Case Closed",
    "Consent Recorded - Case Closed",
    "Matter Settled- Case Closed",
    "Struck Out",
    "Terminated",
    "Abated",
)
CRIMINAL: Final = ("Judgment Delivered- Convicted", "Judgment Delivered- Acquittal")
APPEALS: Final = ("Appeal Dismissed", "Judgment Delivered", "Appeal Rejected")
APPLICATIONS: Final = ("Application Allowed", "Application Dismissed")
ENDINGS: Final = {
    **dict.fromkeys(("MUR", "CTR", "TRAF"), CRIMINAL),
    **dict.fromkeys(("CRA", "CIVA"), APPEALS),
    **dict.fromkeys(("CRAPP", "CIVAPP"), APPLICATIONS),
    "PROB": ("Grant Confirmed", "Limited Grant Issued"),
    "CRREV": ("Revision Declined", "Sentence Commuted"),
}
ALONG_THE_WAY: Final = (
    ("Mention", "Mention Date Given"),
    ("Mention", "Hearing Date Given"),
    ("Hearing", "Part Heard"),
    ("Hearing- Main Suit", "Part Heard"),
    ("Directions", "Directions Given"),
    ("Hearing- Application", "Application Heard"),
    ("Judgment", "Judgment Date Given"),
    ("Ruling", "Ruling Delivered"),
)
SHARES: Final = (30, 12, 24, 12, 8, 6, 5, 3)
REGISTRATION: Final = ("Registration/Filing", "Case Registered/Filed")
SENT: Final = "File Sent To Another Court"
RECEIVED: Final = "File Received From Another Court"


@dataclass(frozen=True, slots=True)
class Filing:
    """A case to generate: where and when it was filed, and how many rows it has."""

    index: int
    court: InventedCourt
    register: Register
    serial: int
    filed_on: date
    rows: int
    registered: bool
    sent_on: date | None = None
    received: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One activity as it was recorded; `corrects` is the place of the one that it replaces."""

    on: date
    recorded_at: datetime
    type_id: UUID
    outcome_id: UUID | None = None
    reason_id: UUID | None = None
    next_on: date | None = None
    bench: tuple[UUID, ...] = ()
    custody_count: int | None = None
    voided_at: datetime | None = None
    void_reason: VoidReason | None = None
    corrects: int | None = None
    sets: CaseStatus | None = None
    details: str | None = None


@dataclass(slots=True)
class HistoryGenerator:
    """Generates one case's history; `until` is the last day with an activity.

    A file that was sent to another court begins again there with its arrival.
    """

    filing: Filing
    words: Words
    until: date
    chance: Random
    bench: tuple[UUID, ...] = field(init=False)

    def __post_init__(self) -> None:
        court = self.filing.court
        self.bench = tuple(self.chance.sample(court.judge_ids, court.bench_size))

    def steps(self) -> list[Step]:
        """The rows in the order of their recording; corrections and voids count among them."""
        odd = self.chance.random
        spoilt = sum(odd() < CORRECTED + VOIDED for _ in range(self.filing.rows))
        # A correction takes two rows; the first row of a case is never spoilt.
        spoilt = min(spoilt, (self.filing.rows - 1) // 2)
        acts = self.filing.received + (self.filing.sent_on is not None)
        plots = list(self._plot(self.filing.rows - spoilt - acts))
        days = self._days(len(plots))
        middle = [
            self._step(plot, on, following)
            for plot, on, following in zip(plots, days, [*days[1:], None], strict=False)
        ]
        return self._spoil([*self._arrival(), *middle, *self._departure()], spoilt)

    def _arrival(self) -> Iterator[Step]:
        if self.filing.received:
            yield self._transfer(self.filing.filed_on, RECEIVED, CaseStatus.PENDING)

    def _departure(self) -> Iterator[Step]:
        if self.filing.sent_on is not None:
            yield self._transfer(self.filing.sent_on, SENT, CaseStatus.TRANSFERRED)

    def _transfer(self, on: date, label: str, sets: CaseStatus) -> Step:
        at = datetime.combine(on, COURT_OPENS)
        return Step(on, at, self.words.types[label], sets=sets, details="By order of the court")

    def _plot(self, count: int) -> Iterator[tuple[str, str]]:
        """What happens, `count` times, as activity type and outcome."""
        beginning = [REGISTRATION][: count * self.filing.registered]
        ending = self._ending()[: max(0, count - len(beginning))]
        middle = count - len(beginning) - len(ending)
        yield from beginning
        yield from self.chance.choices(ALONG_THE_WAY, SHARES, k=middle)
        yield from ending

    def _ending(self) -> list[tuple[str, str]]:
        chance, age = self.chance.random, (self.until - self.filing.filed_on).days
        if self.filing.sent_on is not None:
            return []
        if chance() >= min(0.93, age * CLOSED_PER_DAY):
            if chance() >= PAUSED:
                return []
            return [("Mention", "Stood Over Generally"), ("Re-activation", "Re-activation")][
                : self.chance.randint(1, 2)
            ]
        ending = [self._closing()]
        if chance() < REOPENED:
            ending += [("Re-activation", "Re-activation"), self._closing()]
        if chance() < CLOSED_TWICE:
            ending.append(self._closing())
        if chance() < AFTER_CLOSING:
            ending.append(("Mention", "Mention Date Given"))
        return ending

    def _closing(self) -> tuple[str, str]:
        merits = ENDINGS.get(self.filing.register.category, MERITS)
        labels = merits if self.chance.random() < ON_MERITS else NO_MERITS
        return "Judgment", self.chance.choice(labels)

    def _days(self, count: int) -> list[date]:
        """Sitting days from the filing on, in order; never after the last day."""
        filed, chance = self.filing.filed_on, self.chance
        reach = min((self.until - filed).days, count * chance.randint(20, 90))
        offsets = sorted(chance.randint(0, reach) for _ in range(count))
        if self.filing.registered and offsets:
            offsets[0] = 0
        days = [filed + timedelta(days=offset) for offset in offsets]
        return [
            max(filed, day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))) for day in days
        ]

    def _step(self, plot: tuple[str, str], on: date, following: date | None) -> Step:
        type_label, outcome_label = plot
        chance = self.chance.random
        type_id = self.words.types[type_label]
        reason_id = None
        ordinary = plot in ALONG_THE_WAY
        blank = chance() < BLANK_OUTCOMES
        if ordinary and not blank and chance() < ADJOURNED:
            outcome_label = "Adjournment"
            if chance() >= ADJOURNED_WITHOUT_REASON:
                reason_id = self.chance.choice(self.words.reasons)
        unassigned = chance() < NOT_YET_ASSIGNED
        custodial = self.filing.register.custodial and chance() < ADJOURNED
        return Step(
            on=on,
            recorded_at=self._recorded_at(on),
            type_id=type_id,
            outcome_id=None if blank else self.words.outcomes[outcome_label],
            reason_id=reason_id,
            next_on=self._next(on, following, closing=type_label == "Judgment" and not ordinary),
            bench=(self.words.placeholder,) if unassigned else self.bench,
            custody_count=self.chance.randint(0, 2) if custodial else None,
        )

    def _next(self, on: date, following: date | None, *, closing: bool) -> date | None:
        chance = self.chance.random
        if closing:
            return None
        if following is not None:
            on_schedule = chance() < 1 - ADJOURNED / 2
            day = following if on_schedule else on + timedelta(days=self.chance.randint(7, 60))
            return day if day > on else None
        if (self.until - on).days > BLACKOUT_DAYS and chance() < 1 - PAUSED:
            return None  # a long inactive case is on no cause list
        return self.until + timedelta(days=self.chance.randint(1, 90))

    def _recorded_at(self, on: date) -> datetime:
        late = self.chance.random() < RECORDED_LATE
        day = on + timedelta(days=self.chance.randint(2, 45) if late else self.chance.randint(0, 1))
        return datetime.combine(min(day, self.until), COURT_OPENS) + timedelta(
            milliseconds=self.chance.randrange(28_800_000)
        )

    def _spoil(self, middle: list[Step], count: int) -> list[Step]:
        """Rows that were corrected by another, or voided; the others as they are."""
        steps = list(middle)
        plain = [place for place, step in enumerate(middle) if place and step.sets is None]
        for place in self.chance.sample(plain, min(count, len(plain))):
            step = middle[place]
            at = step.recorded_at + timedelta(hours=self.chance.randint(1, 72))
            if self.chance.random() < VOIDED / (CORRECTED + VOIDED):
                # Recorded by mistake: a second row of the same event, taken back.
                steps.append(
                    replace(
                        step,
                        recorded_at=at,
                        voided_at=at + timedelta(hours=1),
                        void_reason=VoidReason.VOIDED,
                    )
                )
                continue
            wrong = self.words.outcomes[self.chance.choice(ALONG_THE_WAY)[1]]
            steps[place] = replace(
                step, outcome_id=wrong, voided_at=at, void_reason=VoidReason.CORRECTED
            )
            steps.append(replace(step, recorded_at=at, corrects=place))
        return steps

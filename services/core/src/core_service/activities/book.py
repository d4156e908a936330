"""Cases in memory with what happened to them: much is compared and recorded, then written at once.

By itself each activity takes some twenty statements; in a book hundreds take that many together.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import Actor
from core_service.activities.content import compare
from core_service.activities.models import ActivityJudge, CaseActivity
from core_service.activities.records import ActivityContent, ActivityRecord, Match, Recorded
from core_service.activities.repository import ActivityRepository, KnownDays
from core_service.activities.rows import activity_row, bench_rows
from core_service.cases.errors import CaseNotFound
from core_service.cases.models import Case
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling
from core_service.cases.service import CaseService, number_of, standing
from core_service.ledger.meanings import Meanings
from core_service.ledger.replay import ActivityFact, CaseFacts, Flag, replay
from core_service.ledger.service import Ledger
from core_service.stamps import touch


@dataclass(slots=True)
class Past:
    """What the ledger replays of a case."""

    facts: CaseFacts
    happened: list[ActivityFact] = field(default_factory=list)

    def add(self, fact: ActivityFact) -> frozenset[Flag]:
        """Take in a new activity; the ledger's remarks about it."""
        self.happened.append(fact)
        return replay(self.facts, self.happened).flags.get(fact.activity_id, frozenset())


@dataclass(slots=True)
class Page:
    """One case, and what is known of the days in question."""

    case: Case
    known: KnownDays = field(default_factory=KnownDays)


@dataclass(slots=True)
class Unwritten:
    """What has been recorded since the book was written last."""

    cases: list[Case] = field(default_factory=list)
    activities: list[CaseActivity] = field(default_factory=list)
    bench: list[ActivityJudge] = field(default_factory=list)
    touched: dict[UUID, Case] = field(default_factory=dict)


@dataclass(slots=True)
class CaseBook:
    """Cases by number, and what is recorded of them until `write`; open it with `CaseBooks`.

    What was read stays true while the cases' locks are held. Of a case that somebody else registers
    at this moment only `write` learns, and raises IntegrityError.
    """

    books: "CaseBooks"
    days: Collection[date]
    meanings: Meanings
    pages: dict[CaseNumber, Page]
    pasts: dict[UUID, Past] = field(default_factory=dict)
    unwritten: Unwritten = field(default_factory=Unwritten)

    def find(self, number: CaseNumber) -> Case | None:
        """The case with this number; None when it is new. Raises CaseDeleted."""
        page = self.pages.get(number)
        return None if page is None else standing(page.case)

    def match(self, number: CaseNumber, content: ActivityContent) -> Match:
        """Whether the case has this activity already, or another one that this corrects."""
        page = self.pages.get(number)
        return compare(content, page.known.on(content.activity_on) if page is not None else ())

    async def record(self, number: CaseNumber, record: ActivityRecord, by: Actor) -> Recorded:
        """Record a new activity, of a case that may be new as well. Raises CaseDeleted."""
        content, now = record.content, self.books.clock.now()
        created = self.find(number) is None
        page = self._register(number, record, by) if created else self.pages[number]
        case, past = page.case, await self._past(page.case)
        if not created:
            touch(case, by, now)
        activity = activity_row(record, case.id, page.known.next_seq(content.activity_on), by, now)
        activity.case_version = case.version
        self.unwritten.activities.append(activity)
        self.unwritten.bench += bench_rows(activity.id, content)
        self.unwritten.touched[case.id] = case
        page.known.add(activity, content.judge_ids[0] if content.judge_ids else None)
        flags = past.add(self.meanings.fact(activity, content.judge_ids))
        return Recorded(activity.id, case.id, created, flags)

    async def write(self) -> None:
        """Write what has been recorded, and all that follows from it."""
        unwritten, self.unwritten = self.unwritten, Unwritten()
        # Who registers the same cases does so in this order too, lest two wait for each other. A
        # book that is written in parts, as before each correction, keeps it within a part only: a
        # deadlock that is left ends its transaction, and the job that was in it is tried again.
        cases = sorted(unwritten.cases, key=number_of)
        session = self.books.activities.session
        for rows in (cases, unwritten.activities, unwritten.bench):
            session.add_all(rows)
            await session.flush()
        if unwritten.touched:
            await self.books.ledger.refresh_all(unwritten.touched.values())

    def case_ids(self) -> dict[CaseNumber, UUID]:
        """The cases that it knows, deleted ones too."""
        return {number: page.case.id for number, page in self.pages.items()}

    def activity_ids(self) -> list[UUID]:
        """The live activities that it knows of the days in question."""
        return [known.activity_id for page in self.pages.values() for known in page.known.live]

    async def read_again(self, number: CaseNumber) -> None:
        """Forget a case, and read how it is now: something else than the book has changed it."""
        fresh = await self.books.open([number], self.days, lock=True)
        self.pages |= fresh.pages
        for page in fresh.pages.values():
            self.pasts.pop(page.case.id, None)

    async def _past(self, case: Case) -> Past:
        """The past of a case, read with those of the others when the first is recorded of.

        Not when the book is opened: comparing takes none, and many rows bring nothing new.
        """
        if case.id not in self.pasts:
            unread = [page.case for page in self.pages.values() if page.case.id not in self.pasts]
            histories = await self.books.ledger.histories(unread)
            self.pasts |= {case_id: Past(*history) for case_id, history in histories.items()}
        return self.pasts[case.id]

    def _register(self, number: CaseNumber, record: ActivityRecord, by: Actor) -> Page:
        filing = record.case
        if not isinstance(filing, CaseFiling):
            raise CaseNotFound
        case = self.books.cases.unregistered(filing, record.source, by)
        category_id = self.meanings.categories[filing.case_type_id]
        self.pasts[case.id] = Past(CaseFacts(case.court_id, category_id, case.filed_on))
        self.pages[number] = page = Page(case)
        self.unwritten.cases.append(case)
        return page


@dataclass(frozen=True, slots=True)
class CaseBooks:
    """Opens books."""

    activities: ActivityRepository
    cases: CaseService
    ledger: Ledger
    clock: Clock

    async def open(
        self, numbers: Collection[CaseNumber], days: Collection[date], *, lock: bool
    ) -> CaseBook:
        """A book of the cases with these numbers, for activities of these days.

        With `lock` the cases are held until the transaction ends; without, it is for comparing.
        """
        cases = await self.cases.numbered(numbers, lock=lock)
        ids = [case.id for case in cases.values()]
        known = await self.activities.known_on_days(ids, days)
        pages = {number: Page(case, known[case.id]) for number, case in cases.items()}
        return CaseBook(self, days, await self.ledger.meanings(), pages)

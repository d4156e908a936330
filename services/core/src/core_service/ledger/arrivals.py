"""Files that went from one court to another as returns report it: a departure here, a case there.

A case that names its original, whose file left there, was filed there and is received here. Either
court may report first, and a report may be taken back; so both ends are settled after each replay.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Protocol
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import SYSTEM, mark_updated
from core_service.cases.history import CaseHistory
from core_service.cases.models import Case
from core_service.cases.records import AnyCase, original_of
from core_service.ledger.facts import ReplayedCase
from core_service.ledger.replay import ActivityFact, CaseFacts, in_order
from core_service.ledger.repository import LedgerRepository
from core_service.reference.models import Court, Effect
from core_service.reference.spelling import normal_spelling

History = tuple[CaseFacts, Sequence[ActivityFact]]


class CourtSpellings(Protocol):
    """What arrivals need of the decisions about spellings, which lie above the ledger."""

    async def meaning_courts(self, court_ids: Collection[UUID]) -> Mapping[UUID, Collection[str]]:
        """The normalised spellings that were decided to mean each of these courts."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A case whose file has left, its court, and the days on which it left."""

    case: AnyCase
    court: Court
    departures: Sequence[date]
    spellings: Collection[str] = ()

    def is_named_by(self, other: AnyCase) -> bool:
        """Whether the other case states this one as its original."""
        stated = original_of(other)
        if stated.number is None and stated.court is None:
            return False
        key = stated.key(other.number_norm)
        kind, year = key.caseid_type, key.filed_year
        if stated.number is None:  # it has kept its number
            kind, year = other.caseid_type, other.filed_year
        elif stated.court is None and (kind is None or year is None):
            return False
        return (
            self.case.court_id != other.court_id
            and self.case.number_norm == key.number_norm
            and kind in (None, self.case.caseid_type)
            and year in (None, self.case.filed_year)
            and self._is_court(stated.court)
        )

    def _is_court(self, name: str | None) -> bool:
        names = (self.court.name, self.court.code, self.court.station)
        spellings = {*map(normal_spelling, names), *self.spellings}
        return name is None or normal_spelling(name) in spellings


@dataclass(frozen=True, slots=True)
class Arrival:
    """A case that may be where the file went, and what happened there."""

    case: Case
    facts: CaseFacts
    activities: Sequence[ActivityFact]

    @property
    def on(self) -> date:
        return self.activities[0].activity_on

    def may_be(self, category_id: UUID) -> bool:
        """Whether it goes on what was of this category: a case of another one that is registered
        again, such as an appeal, is another case.
        """
        if not self.activities:
            return False
        first_day = [fact for fact in self.activities if fact.activity_on == self.on]
        if self.facts.category_id == category_id or any(f.reports_arrival for f in first_day):
            return True
        return not any(fact.effect_on(self.facts) is Effect.REGISTER for fact in first_day)


def answered(departures: Iterable[date], arrivals: Collection[Arrival]) -> list[Arrival]:
    """The arrivals that answer departures: of each the first one on or after its day."""
    waiting = sorted(arrivals, key=lambda each: (each.on, each.case.id))
    found = []
    for day in sorted(departures):
        arrival = next((each for each in waiting if each.on >= day), None)
        if arrival is not None:
            waiting.remove(arrival)
            found.append(arrival)
    return found


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Marks the cases that were received as returns report it."""

    events: LedgerRepository
    spellings: CourtSpellings
    history: CaseHistory
    clock: Clock

    async def settle(
        self, replayed: Sequence[ReplayedCase], departing: Collection[UUID]
    ) -> list[Case]:
        """Settle the cases that have left or that name an original; `departing` have left, or had.

        The cases whose mark has changed are to be replayed.
        """
        leaving = [each.case for each in replayed if each.case.id in departing]
        arriving = [each.case for each in replayed if _may_arrive(each.case)]
        if not leaving and not arriving:
            return []
        await self.events.lock_origins(_norms(leaving, arriving))
        origins = await self._origins(leaving, arriving)
        if not origins:
            return []
        named = await self.events.naming([origin.case for origin in origins])
        return await self._mark(origins, named)

    async def _origins(
        self, leaving: Sequence[AnyCase], arriving: Sequence[AnyCase]
    ) -> list[Origin]:
        found: dict[UUID, AnyCase] = {case.id: case for case in leaving}
        found |= {case.id: case for case in await self.events.departed(arriving)}
        departures = await self.events.unanswered_departures(found.keys())
        courts = await self.events.courts({case.court_id for case in found.values()})
        decided = await self.spellings.meaning_courts(courts.keys()) if courts else {}
        return [
            Origin(
                case,
                courts[case.court_id],
                departures[case.id],
                decided.get(case.court_id, ()),
            )
            for _, case in sorted(found.items())
        ]

    async def _mark(self, origins: Sequence[Origin], named: Sequence[Case]) -> list[Case]:
        histories = await self._histories([*(origin.case for origin in origins), *named])
        marks: dict[UUID, UUID] = {}
        for origin in origins:
            category_id = histories[origin.case.id][0].category_id
            arrivals = [
                arrival
                for case in named
                if case.id not in marks and origin.is_named_by(case)
                if (arrival := Arrival(case, *histories[case.id])).may_be(category_id)
            ]
            marks |= {
                each.case.id: origin.case.id for each in answered(origin.departures, arrivals)
            }
        sealed = {origin.case.id for origin in origins if origin.case.sealed}
        changed = [case for case in named if _is_marked_otherwise(case, marks.get(case.id))]
        received = {case.id for case in changed if marks.get(case.id) in sealed}
        own = await self._sealed_before(changed)
        for case in changed:
            origin_id = marks.get(case.id)
            case.received_by_return, case.received_from_id = origin_id is not None, origin_id
            case.sealed = case.id in received | own  # the seal goes with the file
            mark_updated(case, SYSTEM, self.clock.now())
        return changed

    async def _sealed_before(self, cases: Sequence[Case]) -> set[UUID]:
        """Those whose seal was decided; one that came with a file goes with its mark."""
        sealed = [case for case in cases if case.sealed]
        with_files = {case.id for case in sealed if case.received_by_return}
        decided = await self.history.sealed_by_decision(with_files) if with_files else set()
        return {case.id for case in sealed if case.id not in with_files} | decided

    async def _histories(self, cases: Sequence[AnyCase]) -> Mapping[UUID, History]:
        facts = await self.events.facts(cases)
        recorded = await self.events.activity_facts(facts.keys())
        return {case_id: (facts[case_id], in_order(found)) for case_id, found in recorded.items()}


def _is_marked_otherwise(case: Case, origin_id: UUID | None) -> bool:
    marked = origin_id is not None, origin_id
    return (case.received_by_return, case.received_from_id) != marked


def _may_arrive(case: AnyCase) -> bool:
    by_order = case.received_from_id is not None and not case.received_by_return
    return case.original_norm is not None and not by_order


def _norms(leaving: Iterable[AnyCase], arriving: Iterable[AnyCase]) -> Iterator[str]:
    named = (case.original_norm for case in arriving if case.original_norm is not None)
    return chain((case.number_norm for case in leaving), named)

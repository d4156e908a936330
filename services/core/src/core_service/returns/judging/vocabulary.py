"""Reference data in memory: which court, judge, type, outcome or reason a spelling means.

Matching is exact after normalising, never by prefix or similarity: `SCC` is not `SC`, and a wrong
match would put a case in the wrong court. What does not match waits for a decision on an alias.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Generic, TypeVar
from uuid import UUID

from core_service.aliases.models import Alias, AliasKind, AliasState
from core_service.judges.postings import KnownPostings
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseCategory,
    CaseNature,
    CaseType,
    Court,
    Judge,
    Outcome,
)
from core_service.reference.sittings import SittingCalendar
from core_service.reference.spelling import normal_spelling

EntryT = TypeVar("EntryT", Court, Judge, CaseType, ActivityType, Outcome, AdjournmentReason)

# What an entry is called, best first: a station's name counts only where no court has that name.
Spellings = Callable[[EntryT], Sequence[str]]


@dataclass(frozen=True, slots=True)
class CourtDecision:
    """The decision of one court about a spelling."""

    kind: AliasKind
    spelling: str
    court_id: UUID
    state: AliasState
    target_id: UUID | None


# Another one whenever a row is another that vocabularies are made from.
Version = tuple[tuple[object, ...], ...]
# By court and spelling.
OfCourts = Mapping[tuple[UUID, str], CourtDecision]


class Unresolved(Enum):
    """Why a spelling gives no entry: it is not decided yet, or it was rejected."""

    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ReferenceRows:
    """The rows that a vocabulary is made from."""

    courts: Sequence[Court] = ()
    judges: Sequence[Judge] = ()
    categories: Sequence[CaseCategory] = ()
    case_types: Sequence[CaseType] = ()
    activity_types: Sequence[ActivityType] = ()
    outcomes: Sequence[Outcome] = ()
    reasons: Sequence[AdjournmentReason] = ()
    aliases: Sequence[Alias] = ()
    of_courts: Sequence[CourtDecision] = ()
    calendar: SittingCalendar = field(default_factory=SittingCalendar)
    postings: KnownPostings = field(default_factory=KnownPostings)


@dataclass(frozen=True, slots=True)
class Lookup(Generic[EntryT]):
    """The entries of one kind, by normalised spelling; dated ones by their edition."""

    by_spelling: Mapping[str, Sequence[EntryT]]
    by_id: Mapping[UUID, EntryT]
    aliases: Mapping[str, Alias]
    of_courts: OfCourts
    spellings: Spellings[EntryT]
    is_dated: bool = False
    found: dict[tuple[object, ...], EntryT | Unresolved] = field(default_factory=dict)
    """What has been looked up: a file of thousands of rows has some hundred spellings."""

    def find(
        self, raw: str, on: date, prefer: UUID | None = None, court_id: UUID | None = None
    ) -> EntryT | Unresolved:
        """The entry that a spelling means on a day; `prefer` decides where two share a name.

        The decision of the row's court takes precedence over the one for all courts.
        """
        key = (raw, on if self.is_dated else None, prefer, court_id)
        entry = self.found.get(key)
        if entry is None:
            entry = self.found[key] = self._find(raw, on, prefer, court_id)
        return entry

    def _find(
        self, raw: str, on: date, prefer: UUID | None, court_id: UUID | None
    ) -> EntryT | Unresolved:
        spelling = normal_spelling(raw)
        entry = self._edition(spelling, on, prefer)
        if entry is not None:
            return entry
        alias: Alias | CourtDecision | None = self.aliases.get(spelling)
        if court_id is not None:
            alias = self.of_courts.get((court_id, spelling), alias)
        if alias is not None and alias.state is AliasState.REJECTED:
            return Unresolved.REFUSED
        target = self.by_id.get(alias.target_id) if alias and alias.target_id else None
        if target is None:
            return Unresolved.WAITING
        # An accepted outcome means its label: a row of another year gets that year's edition.
        return self._edition(normal_spelling(self.spellings(target)[0]), on, target.id) or target

    def _edition(self, spelling: str, on: date, prefer: UUID | None) -> EntryT | None:
        valid = [entry for entry in self.by_spelling.get(spelling, ()) if _is_valid(entry, on)]
        if len(valid) > 1:
            valid = [entry for entry in valid if entry.id == prefer]
        return valid[0] if valid else None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that is needed to turn the names in a row into entries."""

    courts: Lookup[Court]
    judges: Lookup[Judge]
    case_types: Lookup[CaseType]
    activity_types: Lookup[ActivityType]
    outcomes: Lookup[Outcome]
    reasons: Lookup[AdjournmentReason]
    natures: Mapping[UUID, CaseNature]
    calendar: SittingCalendar
    postings: KnownPostings
    version: Version = ()

    @classmethod
    def of(cls, rows: ReferenceRows, version: Version = ()) -> "Vocabulary":
        """Index the rows."""
        found = {kind: _Decisions.of(rows, kind) for kind in AliasKind}
        return cls(
            courts=_lookup(rows.courts, _court_names, found[AliasKind.COURT]),
            judges=_judge_lookup(rows.judges, found[AliasKind.JUDGE]),
            case_types=_lookup(rows.case_types, _type_names, found[AliasKind.CASE_TYPE]),
            activity_types=_lookup(rows.activity_types, _labels, found[AliasKind.ACTIVITY_TYPE]),
            outcomes=_lookup(rows.outcomes, _labels, found[AliasKind.OUTCOME]),
            reasons=_lookup(rows.reasons, _labels, found[AliasKind.REASON]),
            natures={category.id: category.nature for category in rows.categories},
            calendar=rows.calendar,
            postings=rows.postings,
            version=version,
        )


@dataclass(frozen=True, slots=True)
class _Decisions:
    """The decisions about spellings of one kind, for all courts and for single ones."""

    aliases: Mapping[str, Alias]
    of_courts: OfCourts

    @classmethod
    def of(cls, rows: ReferenceRows, kind: AliasKind) -> "_Decisions":
        return cls(
            {alias.spelling: alias for alias in rows.aliases if alias.kind == kind},
            {(each.court_id, each.spelling): each for each in rows.of_courts if each.kind == kind},
        )


def _is_valid(
    entry: Court | Judge | CaseType | ActivityType | Outcome | AdjournmentReason, on: date
) -> bool:
    if not isinstance(entry, ActivityType | Outcome):
        return True
    begun = entry.valid_from is None or entry.valid_from <= on
    return begun and (entry.valid_to is None or on < entry.valid_to)


def _court_names(court: Court) -> Sequence[str]:
    return (court.name, court.code, court.station)


def _judge_names(judge: Judge) -> Sequence[str]:
    return (judge.display_name,)


def _type_names(case_type: CaseType) -> Sequence[str]:
    return (case_type.name, case_type.code)


def _labels(entry: ActivityType | Outcome | AdjournmentReason) -> Sequence[str]:
    return (entry.label,)


def _lookup(
    entries: Sequence[EntryT], spellings: Spellings[EntryT], found: _Decisions
) -> Lookup[EntryT]:
    named = ((entry, spellings(entry)) for entry in entries)
    by_id = {entry.id: entry for entry in entries}
    is_dated = any(isinstance(entry, ActivityType | Outcome) for entry in entries)
    return Lookup(_index(named), by_id, found.aliases, found.of_courts, spellings, is_dated)


def _judge_lookup(judges: Sequence[Judge], found: _Decisions) -> Lookup[Judge]:
    """A judge merged into another is found under both names."""
    by_id = {judge.id: judge for judge in judges}
    current = {judge.id: by_id.get(judge.merged_into_id or judge.id, judge) for judge in judges}
    named = ((current[judge.id], _judge_names(judge)) for judge in judges)
    return Lookup(_index(named), current, found.aliases, found.of_courts, _judge_names)


def _index(named: Iterable[tuple[EntryT, Sequence[str]]]) -> dict[str, list[EntryT]]:
    tiers: dict[int, dict[str, list[EntryT]]] = defaultdict(lambda: defaultdict(list))
    for entry, names in named:
        for tier, name in enumerate(names):
            same = tiers[tier][normal_spelling(name)]
            if all(entry is not other for other in same):
                same.append(entry)
    found: dict[str, list[EntryT]] = {}
    for tier in sorted(tiers):
        found = {**tiers[tier], **found}
    return found

"""A typed row with its names resolved; what cannot be resolved holds the row or rejects it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from common.identity import CourtScope
from core_service.aliases.models import AliasKind
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseNature,
    CaseType,
    Court,
    Effect,
    Judge,
    Outcome,
)
from core_service.reference.spelling import normal_spelling
from core_service.returns.files.header import BENCH
from core_service.returns.issues import Issue, IssueCode, Severity, worst
from core_service.returns.judging.placeholders import (
    is_placeholder,
    read_as_blank,
    required,
    seats_left_empty,
)
from core_service.returns.judging.row import Names, ReturnRow
from core_service.returns.judging.vocabulary import EntryT, Lookup, Unresolved, Vocabulary

# Between the names of several judges in one cell; a comma is part of a name.
SEVERAL: Final = re.compile(r"\s*(?:[;&]|\band\b)\s*", re.IGNORECASE)
UNKNOWN: Final[Mapping[AliasKind, IssueCode]] = {
    AliasKind.COURT: IssueCode.COURT_UNKNOWN,
    AliasKind.JUDGE: IssueCode.JUDGE_UNKNOWN,
    AliasKind.CASE_TYPE: IssueCode.TYPE_UNKNOWN,
    AliasKind.ACTIVITY_TYPE: IssueCode.TYPE_UNKNOWN,
    AliasKind.OUTCOME: IssueCode.OUTCOME_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """The courts where rows may be written, and the court that the file was sent for."""

    scope: CourtScope
    court_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling that is not decided, or that was refused, in a row of this court."""

    kind: AliasKind
    raw: str
    court_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge on the bench, as the row spells the name and in which column."""

    judge: Judge
    column: str
    raw: str
    is_posted: bool = True


@dataclass(frozen=True, slots=True)
class ResolvedRow:
    """A row that can be applied: every name in it has its entry."""

    row: ReturnRow
    court: Court
    case_type: CaseType
    nature: CaseNature
    activity_type: ActivityType
    outcome: Outcome | None
    effect: Effect
    reason: AdjournmentReason | None
    seats: tuple[Seat, ...]
    sits_on_next: bool = True


@dataclass(frozen=True, slots=True)
class Resolution:
    """The result of resolving; `spellings` has an entry for each issue about an unknown one."""

    resolved: ResolvedRow | None
    issues: tuple[Issue, ...]
    spellings: Mapping[Issue, Spelling]
    court_id: UUID | None


def resolve(row: ReturnRow, vocabulary: Vocabulary, terms: Terms) -> Resolution:
    """Look up every name of a row."""
    resolver = _Resolver(row, vocabulary, terms)
    resolved = resolver.resolved()
    issues = (*resolver.issues, *filter(None, [read_as_blank(resolver.placeholders)]))
    blocked = worst(issues) in (Severity.REJECTED, Severity.HELD)
    return Resolution(None if blocked else resolved, issues, resolver.spellings, resolver.court_id)


def effect_on(case_type: CaseType, outcome: Outcome | None) -> Effect:
    """What the outcome does to a case of this type; some act on certain categories alone."""
    if outcome is None:
        return Effect.NONE
    limited = outcome.limited_to and case_type.category_id not in outcome.limited_to
    return Effect.NONE if limited else outcome.effect


@dataclass(slots=True)
class _Resolver:
    """Resolves one row and gathers every issue."""

    row: ReturnRow
    vocabulary: Vocabulary
    terms: Terms
    issues: list[Issue] = field(default_factory=list)
    spellings: dict[Issue, Spelling] = field(default_factory=dict)
    court_id: UUID | None = None
    placeholders: dict[str, str] = field(default_factory=dict)

    def resolved(self) -> ResolvedRow | None:
        court = self.court()
        if court is not None and court.id not in self.terms.scope:
            return None  # a sender's names are not looked up for a court of others
        self.seat_apart()
        is_blank = court is None and not self.spellings
        if is_blank or (self.has_placeholders() and not self.take_out_placeholders()):
            return None  # nor are those of a row that no decision can help
        vocabulary, names = self.vocabulary, self.row.names
        case_type = self.find(
            vocabulary.case_types, AliasKind.CASE_TYPE, "case_type", names.case_type
        )
        purpose = self.find(
            vocabulary.activity_types, AliasKind.ACTIVITY_TYPE, "comingfor", names.activity_type
        )
        outcome = (
            self.find(vocabulary.outcomes, AliasKind.OUTCOME, "outcome", names.outcome)
            if names.outcome
            else None
        )
        seats = self.seats()
        if court is None or case_type is None or purpose is None:
            return None
        return ResolvedRow(
            row=self.row,
            court=court,
            case_type=case_type,
            nature=vocabulary.natures[case_type.category_id],
            activity_type=purpose,
            outcome=outcome,
            effect=effect_on(case_type, outcome),
            reason=self.reason(),
            seats=seats,
            sits_on_next=self.row.next_on is None
            or vocabulary.calendar.sits(court.id, self.row.next_on),
        )

    def court(self) -> Court | None:
        name = self.row.names.court
        if self.means_nothing(self.vocabulary.courts, name):
            if self.terms.court_id is None:
                self.issues.append(required("court", name))
                return None
            if name:
                self.placeholders["court"] = name
            court = self.vocabulary.courts.by_id.get(self.terms.court_id)
        else:
            court = self.find(self.vocabulary.courts, AliasKind.COURT, "court", name)
        if court is None:
            return None
        self.court_id = court.id
        if court.id not in self.terms.scope:
            message = f"Your grants do not cover {court.name}"
            self.issues.append(Issue(IssueCode.COURT_NOT_GRANTED, message, "court", name))
        elif self.terms.court_id not in (None, court.id):
            message = "The row is of another court than the one the file was sent for"
            self.issues.append(Issue(IssueCode.COURT_OTHER, message, "court", name))
        return court

    def seat_apart(self) -> None:
        """Give each of several judges in one cell a seat, as far as a bench has seats."""
        bench = self.row.names.bench
        if not any(SEVERAL.search(raw) for _, raw in bench):
            return
        apart = tuple((column, name) for column, raw in bench for name in self.judges_in(raw))
        if len(apart) <= len(BENCH):
            self.row = replace(self.row, names=replace(self.row.names, bench=apart))

    def judges_in(self, raw: str) -> Sequence[str]:
        """The names in a cell, which may be one that the registry knows as it is."""
        on, prefer = self.row.activity_on, self.terms.court_id
        found = self.vocabulary.judges.find(raw, on, prefer, self.court_id)
        if not isinstance(found, Unresolved):
            return (raw,)
        return [name for name in SEVERAL.split(raw) if normal_spelling(name)]

    def has_placeholders(self) -> bool:
        names = self.row.names
        others = (names.case_type, names.activity_type, names.outcome, names.reason)
        return any(map(is_placeholder, (*others, *(raw for _, raw in names.bench))))

    def take_out_placeholders(self) -> bool:
        """Whether the row has all names that it needs without them."""
        found, names = self.vocabulary, self.row.names
        seats = [seat for seat in names.bench if not self.means_nothing(found.judges, seat[1])]
        names_left = Names(
            names.court,
            self.unless_nothing(found.case_types, "case_type", names.case_type),
            self.unless_nothing(found.activity_types, "comingfor", names.activity_type),
            self.unless_nothing(found.outcomes, "outcome", names.outcome),
            self.unless_nothing(found.reasons, "reason_adj", names.reason),
            tuple(seats),
        )
        empty = dict(seat for seat in names.bench if seat not in seats)
        blank = [column for column in ("case_type", "comingfor") if column in self.placeholders]
        self.issues += [required(column, self.placeholders.pop(column)) for column in blank]
        self.issues += filter(None, [seats_left_empty(empty)])
        self.row = replace(self.row, names=names_left)
        return not blank

    def unless_nothing(self, lookup: Lookup[EntryT], column: str, raw: str) -> str:
        if not self.means_nothing(lookup, raw):
            return raw
        if raw:
            self.placeholders[column] = raw
        return ""

    def means_nothing(self, lookup: Lookup[EntryT], raw: str) -> bool:
        """Whether a name is blank, or a placeholder that is the name of nothing here."""
        if not raw or not is_placeholder(raw):
            return not raw
        found = lookup.find(raw, self.row.activity_on, self.terms.court_id, self.court_id)
        return isinstance(found, Unresolved)

    def seats(self) -> tuple[Seat, ...]:
        judges = self.vocabulary.judges
        found = (
            (self.find(judges, AliasKind.JUDGE, column, raw), column, raw)
            for column, raw in self.row.names.bench
        )
        posted, on, court_id = self.vocabulary.postings, self.row.activity_on, self.court_id
        return tuple(
            Seat(judge, column, raw, posted.allow(judge.id, court_id, on))
            for judge, column, raw in found
            if judge is not None
        )

    def reason(self) -> AdjournmentReason | None:
        """Reasons are free text, so an unknown one is a warning and does not hold the row."""
        raw = self.row.names.reason
        if not raw:
            return None
        on, court_id = self.row.activity_on, self.court_id
        found = self.vocabulary.reasons.find(raw, on, court_id=court_id)
        if isinstance(found, Unresolved):
            message = "Not a known reason for adjournment; the row is applied without one"
            self.issues.append(Issue(IssueCode.REASON_UNKNOWN, message, "reason_adj", raw))
            return None
        return found

    def find(self, lookup: Lookup[EntryT], kind: AliasKind, column: str, raw: str) -> EntryT | None:
        found = lookup.find(raw, self.row.activity_on, self.terms.court_id, self.court_id)
        if not isinstance(found, Unresolved):
            return found
        if found is Unresolved.WAITING:
            message = f"{raw} is not known; the row waits until a user decides what it means"
            issue = Issue(UNKNOWN[kind], message, column, raw)
        else:
            message = f"{raw} was decided to mean nothing"
            issue = Issue(IssueCode.NAME_REJECTED, message, column, raw)
        self.issues.append(issue)
        self.spellings[issue] = Spelling(kind, raw, self.court_id)
        return None

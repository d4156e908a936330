"""Entries: what rows of a chunk come to when they are recorded, one after another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from common.errors import DomainError
from common.logs import get_logger
from core_service.ledger.steps import Flag
from core_service.returns.comparison import EventMatch
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.models import RowResult
from core_service.returns.reported import ReportedEvent
from core_service.returns.row_repository import APPLICABLE, RECORDED
from core_service.returns.seen import FileState, SeenInFile

# BEFORE_FILING is left out: it is FILED_AFTER_ACTIVITY, a rule of the row itself.
FLAGS: Final[Mapping[Flag, tuple[IssueCode, str]]] = {
    Flag.AFTER_CLOSURE: (
        IssueCode.ACTIVITY_AFTER_CLOSURE,
        "The case was closed before this activity",
    ),
    Flag.SECOND_CLOSURE: (
        IssueCode.SECOND_CLOSURE,
        "The case was closed already; it is counted as disposed once",
    ),
    Flag.REOPENED_IMPLICIT: (
        IssueCode.REOPENED_IMPLICIT,
        "The case was closed and is pending again without an order to reopen",
    ),
}

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row's result, and the case and activity that it stands for."""

    result: RowResult
    issues: tuple[Issue, ...]
    case_id: UUID | None = None
    activity_id: UUID | None = None
    match: EventMatch | None = None

    @classmethod
    def of(cls, match: EventMatch) -> "Entry":
        """The entry of a row that is not recorded."""
        case_id = match.case.id if match.case is not None else None
        return cls(match.result, match.issues, case_id, match.activity_id, match)


@dataclass(frozen=True, slots=True)
class ChunkProgress:
    """The rows before the next one, and from which of this chunk activities come."""

    seen: SeenInFile
    last_versions: Mapping[bytes, int]
    through: int
    recorded: dict[UUID, ReportedEvent] = field(default_factory=dict)
    unchanged: set[UUID] = field(default_factory=set)
    """The activities that rows of this file have stated already which earlier files brought."""

    @classmethod
    def of(cls, file: FileState) -> "ChunkProgress":
        """Before the first row of a chunk."""
        return cls(file.seen.copy(), file.last_versions, file.through)

    def repeated(self, event: ReportedEvent) -> Entry | None:
        """The entry of a row whose content another of this file has; None when none has it."""
        if not self.seen.has_row(event.digests):
            return None
        return Entry.of(EventMatch(repeated_in_file=True))

    def add(self, event: ReportedEvent, entry: Entry) -> Entry:
        """Count a row among those before the next one; its entry again."""
        if entry.result in APPLICABLE:
            self.seen.add(event.digests)
        if entry.result in RECORDED and entry.activity_id is not None:
            self.recorded[entry.activity_id] = event
        if entry.result is RowResult.UNCHANGED and entry.activity_id is not None:
            self.unchanged.add(entry.activity_id)
        return entry


def flag_issues(flags: frozenset[Flag], outcome: str) -> tuple[Issue, ...]:
    """The ledger's remarks on an activity, as issues of its row."""
    return tuple(
        Issue(*FLAGS[flag], "outcome", outcome or None) for flag in sorted(flags) if flag in FLAGS
    )


def refused(event: ReportedEvent, error: Exception) -> Entry:
    log.warning("row_refused", row_no=event.row_no, error=type(error).__name__)
    reason = error.detail if isinstance(error, DomainError) else "a value does not fit"
    issue = Issue(IssueCode.ROW_REFUSED, f"The registry refused the row: {reason}")
    return Entry(RowResult.REJECTED, (issue,))

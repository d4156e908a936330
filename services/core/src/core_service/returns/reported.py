"""What a row reports in the registry's terms, and digests by which rows are compared."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Final
from uuid import UUID

from core_service.activities.records import ActivityContent, ActivityRecord
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling, OriginalCase, PartyCounts
from core_service.reference.models import Cadre
from core_service.returns.judging.chunk import Batch, JudgedChunk
from core_service.returns.judging.resolution import ResolvedRow

# Of a SHA-256: enough that no two rows of any file agree by chance, in half of the space.
DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Digests:
    """Which event a row is about, and its whole content; both after normalising.

    The event is case, day, purpose and lead judge; the content is all that the row tells, of the
    case as well as of the day. `unassigned` are the two of the same row with no judge assigned yet.
    """

    identity: bytes
    content: bytes
    unassigned: tuple[bytes, bytes] | None = None

    def says_without_judges(self, other: "Digests") -> bool:
        """Whether the other row says just this, but for who sat."""
        return self.unassigned == (other.identity, other.content)


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """A row that can be applied: its case, what happened, and its digests.

    `case_type` and `outcome` are as the vocabulary and as the row name them.
    """

    batch: Batch
    row_no: int
    filing: CaseFiling
    number: CaseNumber
    content: ActivityContent
    digests: Digests
    case_type: str
    outcome: str

    @classmethod
    def of(cls, batch: Batch, row_no: int, resolved: ResolvedRow) -> "ReportedEvent":
        """The row in the registry's terms."""
        filing, content = case_filing(resolved), activity_content(resolved)
        number, names = filing.key, resolved.row.names
        digests = digests_of(filing, number, content, names.reason)
        case_type = resolved.case_type.name
        return cls(batch, row_no, filing, number, content, digests, case_type, names.outcome)

    @property
    def about(self) -> tuple[CaseNumber, date]:
        """What rows have in common that are compared with each other."""
        return self.number, self.content.activity_on

    @property
    def overrules_case(self) -> bool:
        """Whether the case takes counts from this activity that it was registered with."""
        content = self.content
        return content.custody_count is not None or content.legal_representation is not None

    def record(self, supersedes: UUID | None = None) -> ActivityRecord:
        """The row as an activity to record."""
        source = self.batch.source(self.row_no)
        return ActivityRecord(self.filing, self.content, source, supersedes)


def events_of(chunk: JudgedChunk) -> dict[int, ReportedEvent]:
    """The rows of a chunk that can be applied, by number and in their order."""
    return {
        row_no: ReportedEvent.of(chunk.batch, row_no, judgement.resolved)
        for row_no, judgement in chunk.judgements.items()
        if judgement.resolved is not None
    }


def identities_of(events: Iterable[ReportedEvent]) -> set[bytes]:
    """The identity digests of events."""
    return {event.digests.identity for event in events}


def case_filing(resolved: ResolvedRow) -> CaseFiling:
    """The case, as far as the row tells."""
    row = resolved.row
    return CaseFiling(
        court_id=resolved.court.id,
        caseid_type=row.caseid_type,
        number=row.number,
        filed_on=row.filed_on,
        case_type_id=resolved.case_type.id,
        parties=row.parties,
        original=row.original,
        custody_count=row.custody or 0,
        legal_representation=row.legal_representation,
    )


def activity_content(resolved: ResolvedRow) -> ActivityContent:
    """What happened. A placeholder is no judge, and each judge sits once."""
    row = resolved.row
    judges = [seat.judge.id for seat in resolved.seats if seat.judge.cadre is not Cadre.PLACEHOLDER]
    return ActivityContent(
        activity_on=row.activity_on,
        activity_type_id=resolved.activity_type.id,
        outcome_id=resolved.outcome.id if resolved.outcome else None,
        reason_id=resolved.reason.id if resolved.reason else None,
        next_on=row.next_on,
        judge_ids=tuple(dict.fromkeys(judges)),
        applicant_witnesses=row.applicant_witnesses,
        defendant_witnesses=row.defendant_witnesses,
        custody_count=row.custody,
        legal_representation=row.legal_representation,
        details=row.details,
    )


_parties: Final = attrgetter(*(each.name for each in fields(PartyCounts)))
_original: Final = attrgetter(*(each.name for each in fields(OriginalCase)))


def digests_of(
    filing: CaseFiling, number: CaseNumber, content: ActivityContent, reason: str
) -> Digests:
    """The digests of a row; `reason` is as it names it, known or not."""
    day, purpose = content.activity_on.toordinal(), content.activity_type_id.int
    court = number.court_id.int
    event = ascii((court, number.caseid_type, number.number_norm, number.filed_year, day, purpose))
    filed_on, case_type = filing.filed_on.toordinal(), filing.case_type_id.int
    of_case = (filed_on, case_type, _parties(filing.parties), _original(filing.original))
    rest = ascii((of_case, content.plain, reason.casefold()))
    bench = [f"{judge_id.int:x}" for judge_id in content.judge_ids]
    unassigned = _both(event, [], rest) if bench else None
    return Digests(*_both(event, bench, rest), unassigned)


def _both(event: str, bench: list[str], rest: str) -> tuple[bytes, bytes]:
    """The digests of the event, which is with a lead judge, and of all that the row tells."""
    identity = f"{event}{bench[0] if bench else None}"
    return _digest(identity), _digest(f"{identity}{bench}{rest}")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES]

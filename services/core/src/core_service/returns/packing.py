"""Judgements and events as plain tuples, and back: see `spool`."""

from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from core_service.activities.records import CONTENT_COLUMNS, ActivityContent
from core_service.aliases.models import AliasKind
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling, OriginalCase, PartyCounts
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.judging.chunk import Batch
from core_service.returns.judging.judgement import Judgement
from core_service.returns.judging.resolution import Spelling
from core_service.returns.models import RowResult
from core_service.returns.reported import Digests, ReportedEvent

Plain = tuple[Any, ...]


def _values_of(kind: Any) -> "attrgetter[Any]":
    return attrgetter(*(each.name for each in fields(kind)))


_content: Final = attrgetter(*CONTENT_COLUMNS, "judge_ids")
_number: Final = _values_of(CaseNumber)
_parties: Final = _values_of(PartyCounts)
_original: Final = _values_of(OriginalCase)
_digests: Final = _values_of(Digests)
_filing: Final = attrgetter(
    *("court_id", "caseid_type", "number", "filed_on"),
    *("case_type_id", "custody_count", "legal_representation"),
)
_NO_ORIGINAL: Final = OriginalCase()


def packed_event(event: ReportedEvent) -> Plain:
    """All but its place: the batch and the row."""
    filing = event.filing
    original = None if filing.original == _NO_ORIGINAL else _original(filing.original)
    return (
        _filing(filing),
        _parties(filing.parties),
        original,
        _number(event.number),
        _content(event.content),
        _digests(event.digests),
        event.case_type,
        event.outcome,
    )


def unpacked_event(batch: Batch, row_no: int, plain: Plain) -> ReportedEvent:
    """What `packed_event` was given."""
    filing, parties, original, number, content, digests, case_type, outcome = plain
    *columns, bench = content
    court_id, caseid_type, written, filed_on, case_type_id, custody, represented = filing
    return ReportedEvent(
        batch,
        row_no,
        CaseFiling(
            court_id=court_id,
            caseid_type=caseid_type,
            number=written,
            filed_on=filed_on,
            case_type_id=case_type_id,
            parties=PartyCounts(*parties),
            original=OriginalCase(*original) if original else _NO_ORIGINAL,
            custody_count=custody,
            legal_representation=represented,
        ),
        CaseNumber(*number),
        ActivityContent(**dict(zip(CONTENT_COLUMNS, columns, strict=True)), judge_ids=bench),
        Digests(*digests),
        case_type,
        outcome,
    )


def packed_judgement(judgement: Judgement) -> Plain:
    """All but what it was resolved to: the event has what matters of that."""
    number = judgement.number and _number(judgement.number)
    issues = [_packed_issue(issue, judgement) for issue in judgement.issues]
    return issues, judgement.result and judgement.result.value, judgement.court_id, number


def unpacked_judgement(plain: Plain) -> Judgement:
    """What `packed_judgement` was given."""
    packed, result, court_id, number = plain
    issues, spellings = [], {}
    for *values, code, spelling in packed:
        issue = Issue(IssueCode[code], *values)
        issues.append(issue)
        if spelling is not None:
            kind, raw, of_court = spelling
            spellings[issue] = Spelling(AliasKind(kind), raw, of_court)
    found = RowResult(result) if result else None
    named = CaseNumber(*number) if number else None
    return Judgement(tuple(issues), found, None, spellings, court_id, named)


def _packed_issue(issue: Issue, judgement: Judgement) -> Plain:
    spelling = judgement.spellings.get(issue) if judgement.spellings else None
    plain = spelling and (spelling.kind.value, spelling.raw, spelling.court_id)
    return issue.message, issue.column, issue.value, issue.suggestion, issue.code.name, plain

"""What a row says of its case that differs from what is known, and numbers that may be slips."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from core_service.cases.numbers import display_number, year_named
from core_service.cases.records import AnyCase, CaseFiling, PartyCounts
from core_service.reference.models import CaseType
from core_service.returns.comparison import EventMatch, RegistryState, SimilarNumbers
from core_service.returns.issues import Issue, IssueCode
from core_service.returns.models import RowResult
from core_service.returns.reported import ReportedEvent

PARTIES: Final = tuple(PartyCounts.__dataclass_fields__)


def case_remarks(
    event: ReportedEvent, match: EventMatch, registry: RegistryState
) -> tuple[Issue, ...]:
    """The remarks on a row that is recorded."""
    similar = registry.similar
    known = match.case or similar.registered.get(event.number)
    if known is None and match.result is RowResult.NEW:
        remarks = tuple(_new_case(event, similar))
        similar.add(event.filing)
        return remarks
    if known is None:
        return ()
    corrected, types = _corrected(event, match), registry.vocabulary.case_types.by_id
    found = _differences(event, known, types)
    return tuple(issue for column, issue in found if column not in corrected)


def _corrected(event: ReportedEvent, match: EventMatch) -> frozenset[str]:
    """The facts of the case that the row itself corrects."""
    if match.earlier is None:
        return frozenset(event.filing.columns()) if match.event_known else frozenset()
    before, after = match.earlier.filing.columns(), event.filing.columns()
    return frozenset(name for name, value in after.items() if value != before[name])


def _new_case(event: ReportedEvent, similar: SimilarNumbers) -> Iterator[Issue]:
    written, other = event.filing.number, similar.first(event.filing)
    if other is not None:
        name = _name(other)
        message = f"May be {name}, filed on {other.filed_on}; recorded as another case"
        yield Issue(IssueCode.POSSIBLE_DUPLICATE, message, "caseid_no", written, name)
        return
    named = year_named(event.number.number_norm)
    if named is not None:
        filed_on = event.filing.filed_on
        message = f"The number names the year {named[1]}, and the case was filed on {filed_on}"
        yield Issue(IssueCode.FILED_CONFLICT, message, "caseid_no", written, filed_on.isoformat())


def _differences(
    event: ReportedEvent, known: CaseFiling | AnyCase, types: Mapping[UUID, CaseType]
) -> Iterator[tuple[str, Issue]]:
    filing = event.filing
    if filing.filed_on != known.filed_on:
        message = f"The case is registered as filed on {known.filed_on}"
        value, stated = filing.filed_on.isoformat(), known.filed_on.isoformat()
        yield "filed_on", Issue(IssueCode.FILED_CONFLICT, message, "filed_dd", value, stated)
    if filing.case_type_id != known.case_type_id:
        value, stated = event.case_type, types[known.case_type_id].name
        yield "case_type_id", _differs("case_type", value, stated)
    given, stated_counts = _parties(filing), _parties(known)
    if not any(given.values()):  # a row that leaves them blank states none
        return
    for column in PARTIES:
        if given[column] != stated_counts[column]:
            yield column, _differs(column, str(given[column]), str(stated_counts[column]))


def _differs(column: str, value: str, known: str) -> Issue:
    message = f"{column} is {value} in this row and {known} in the registry, which stays"
    return Issue(IssueCode.CASE_FACT_DIFFERS, message, column, value, known)


def _parties(known: CaseFiling | AnyCase) -> Mapping[str, int]:
    of = known.parties if isinstance(known, CaseFiling) else known
    return {column: getattr(of, column) for column in PARTIES}


def _name(known: CaseFiling | AnyCase) -> str:
    if isinstance(known, CaseFiling):
        key = known.key
        return display_number(key.caseid_type, known.number, key.filed_year)
    return display_number(known.caseid_type, known.number_raw, known.filed_year)

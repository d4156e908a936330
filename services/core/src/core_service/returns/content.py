"""What a resolved row says, in the registry's terms, and the digests that tell rows apart."""

import hashlib
import json
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Final

from core_service.activities.records import ActivityContent
from core_service.cases.numbers import CaseNumber
from core_service.cases.records import CaseFiling, OriginalCase, PartyCounts
from core_service.reference.models import Cadre
from core_service.returns.resolution import ResolvedRow
from core_service.returns.said import Digests

# What the ledger takes from the activities, and what a case is known by, no row corrects.
NOT_CORRECTED: Final = frozenset({"number_raw", "custody_count", "legal_representation"})


def case_filing(resolved: ResolvedRow) -> CaseFiling:
    """The case, as far as the row tells."""
    row = resolved.row
    return CaseFiling(
        court_id=resolved.court.id,
        caseid_type=row.caseid_type,
        number=row.number,
        filed_on=row.filed_on,
        case_type_id=resolved.case_type.id,
        parties=PartyCounts(**row.parties),
        original=OriginalCase(**asdict(row.original)),
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


def digests(
    resolved: ResolvedRow, filing: CaseFiling, number: CaseNumber, content: ActivityContent
) -> Digests:
    """The event is case, day, purpose and lead judge; the content is all that the row says, of the
    case as well as of the day. Both after normalising, so that spelling does not matter.
    """
    lead = content.judge_ids[0] if content.judge_ids else None
    event = (number, content.activity_on, content.activity_type_id, lead)
    of_case = (filing.filed_on, filing.case_type_id, filing.parties, filing.original)
    reason = resolved.row.names.reason.casefold()
    return Digests(_digest(event), _digest((*event, of_case, content, reason)))


def corrected_facts(before: CaseFiling, after: CaseFiling) -> dict[str, Any]:
    """The columns of the case that a correction states otherwise than the corrected row did."""
    old, new = before.columns(), after.columns()
    return {
        name: value
        for name, value in new.items()
        if value != old[name] and name not in NOT_CORRECTED
    }


def _digest(value: Any) -> bytes:
    plain = json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).digest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        # Not by `astuple`, which copies every value; `json` comes back for what is inside.
        return [getattr(value, field.name) for field in fields(value)]
    return str(value)

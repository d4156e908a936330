"""What a resolved row says, in the registry's terms, and the digests that tell rows apart."""

import hashlib
import json
from dataclasses import astuple
from typing import Any

from core_service.activities.records import ActivityContent
from core_service.cases.records import CaseFiling, OriginalCase, PartyCounts
from core_service.reference.models import Cadre
from core_service.returns.resolution import ResolvedRow


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
        original=OriginalCase(*astuple(row.original)),
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


def identity_hash(resolved: ResolvedRow) -> bytes:
    """A digest of case, day, purpose and lead judge: rows that agree speak of the same event."""
    content, key = activity_content(resolved), case_filing(resolved).key
    lead = content.judge_ids[0] if content.judge_ids else None
    return _digest([astuple(key), content.activity_on, content.activity_type_id, lead])


def row_hash(resolved: ResolvedRow) -> bytes:
    """A digest of all that the row says, of the case as well as of the day, after normalising."""
    filing = case_filing(resolved)
    said = (filing.key, filing.filed_on, filing.case_type_id, filing.parties, filing.original)
    return _digest([said, activity_content(resolved), resolved.row.names.reason.casefold()])


def _digest(value: Any) -> bytes:
    plain = json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).digest()


def _plain(value: Any) -> Any:
    return astuple(value) if hasattr(value, "__dataclass_fields__") else str(value)

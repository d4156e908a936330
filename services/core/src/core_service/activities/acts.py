"""Acts of the registry itself, in the words that the seed gives them.

The words are data and may be renamed; their IDs are the same in every installation.
"""

from datetime import date
from typing import Final
from uuid import UUID

from core_service.activities.records import Act, ActivityContent, ActivityRecord
from core_service.reference.seeding import seed_id
from core_service.reference.spelling import normal_spelling
from core_service.sources import SYSTEM_ITSELF


def _word(label: str) -> UUID:
    return seed_id("activity_type", normal_spelling(label))


STATUS_SET: Final = _word("Status Set By Order")
FILE_SENT: Final = _word("File Sent To Another Court")
FILE_RECEIVED: Final = _word("File Received From Another Court")


def act_record(
    case_id: UUID, on: date, activity_type_id: UUID, act: Act, reason: str
) -> ActivityRecord:
    """An act as an activity, so that the ledger goes on following from activities alone."""
    content = ActivityContent(on, activity_type_id, details=reason)
    return ActivityRecord(case_id, content, SYSTEM_ITSELF, act=act)

"""Every table of core in one import, for migrations and tests."""

from core_service.activities.models import ActivityJudge, CaseActivity
from core_service.aliases.models import Alias
from core_service.cases.models import Case, CaseJudgeAssignment
from core_service.hearings.models import Hearing
from core_service.judges.models import JudgeMerge, JudgeMergeItem, JudgePosting
from core_service.ledger.models import CaseStatusEvent
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseCategory,
    CaseType,
    Court,
    Judge,
    Outcome,
    TimeStandard,
)
from core_service.returns.models import ImportBatch, ImportFile, ImportRow, ImportRowIssue

__all__ = [
    "ActivityJudge",
    "ActivityType",
    "AdjournmentReason",
    "Alias",
    "Case",
    "CaseActivity",
    "CaseCategory",
    "CaseJudgeAssignment",
    "CaseStatusEvent",
    "CaseType",
    "Court",
    "Hearing",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "ImportRowIssue",
    "Judge",
    "JudgeMerge",
    "JudgeMergeItem",
    "JudgePosting",
    "Outcome",
    "TimeStandard",
]

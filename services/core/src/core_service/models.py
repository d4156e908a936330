"""Every table of core in one import, for migrations and tests."""

from core_service.aliases.models import Alias, CourtAlias
from core_service.assignments.models import CaseJudgeAssignment
from core_service.audit.models import AUDIT_CHAIN, AuditEvent
from core_service.cases.models import Case, CaseChange
from core_service.hearings.models import Hearing
from core_service.judges.models import JudgeMerge, JudgeMergeItem, JudgePosting
from core_service.ledger.models import ActivityJudge, CaseActivity, CaseStatusEvent
from core_service.links.models import CaseLink
from core_service.metrics.models import (
    CaseloadDelta,
    CaseloadFolded,
    CaseloadTotal,
    FigureChange,
    Superseded,
)
from core_service.proposals.models import ChangeRequest
from core_service.reference.measures import CaseWeight, TimeStandard
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CalendarPeriod,
    CaseCategory,
    CaseType,
    Court,
    Judge,
    Outcome,
)
from core_service.reports.models import MetricSnapshot
from core_service.returns.models import (
    CaseBefore,
    ImportBatch,
    ImportFile,
    ImportRow,
    ImportRowIssue,
    RowRepair,
)

__all__ = [
    "AUDIT_CHAIN",
    "ActivityJudge",
    "ActivityType",
    "AdjournmentReason",
    "Alias",
    "AuditEvent",
    "CalendarPeriod",
    "Case",
    "CaseActivity",
    "CaseBefore",
    "CaseCategory",
    "CaseChange",
    "CaseJudgeAssignment",
    "CaseLink",
    "CaseStatusEvent",
    "CaseType",
    "CaseWeight",
    "CaseloadDelta",
    "CaseloadFolded",
    "CaseloadTotal",
    "ChangeRequest",
    "Court",
    "CourtAlias",
    "FigureChange",
    "Hearing",
    "ImportBatch",
    "ImportFile",
    "ImportRow",
    "ImportRowIssue",
    "Judge",
    "JudgeMerge",
    "JudgeMergeItem",
    "JudgePosting",
    "MetricSnapshot",
    "Outcome",
    "RowRepair",
    "Superseded",
    "TimeStandard",
]

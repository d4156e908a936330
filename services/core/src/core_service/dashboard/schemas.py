"""Bodies of responses of the dashboard."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from common.schemas import ResponseModel
from core_service.cases.numbers import display_number
from core_service.cases.schemas import CourtBrief
from core_service.dashboard.analytics import Overview
from core_service.dashboard.service import Recent
from core_service.ledger.models import CaseActivity
from core_service.metrics.frame import RatioRead
from core_service.metrics.schemas import NamedRead
from core_service.people import PersonRead
from core_service.sources import SourceKind

# What came in and what was resolved, of the columns of the matrix.
FILED = ("new",)
RESOLVED = ("disposed", "reopened_disposed")


class CaseloadRead(ResponseModel):
    """What was filed and resolved in the period, and what is pending at its end."""

    filed: int
    resolved: int
    pending: int

    @classmethod
    def counts(cls, columns: Mapping[str, Any]) -> dict[str, int]:
        """From the columns of the caseload matrix."""
        return {
            "filed": sum(columns[name] for name in FILED),
            "resolved": sum(columns[name] for name in RESOLVED),
            "pending": columns["end_active"],
        }


class KpiRead(CaseloadRead):
    """The caseload in a few numbers."""

    inactive: int
    clearance: RatioRead = Field(description="outgoing in percent of incoming (CourTools 2)")
    over_standard: RatioRead = Field(description="pending cases older than their time standard")


class MonthRead(CaseloadRead):
    """One month of the trend; the present one as far as it goes."""

    month: str = Field(examples=["2026-01"])


class TypeLoadRead(CaseloadRead):
    """The caseload of one case type."""

    case_type: NamedRead


class CourtLoadRead(CaseloadRead):
    """The workload of one court."""

    court: NamedRead
    clearance: RatioRead


class AgesRead(ResponseModel):
    """Active pending cases by the days since they were filed, without inactive ones."""

    up_to_90_days: int
    up_to_180_days: int
    up_to_365_days: int
    up_to_730_days: int
    up_to_1095_days: int
    older: int


class StatusRead(ResponseModel):
    """The caseload by status: as it is at the end, and what left in the period."""

    pending: int
    inactive: int
    disposed_in_period: int
    transferred_in_period: int


class AnalyticsRead(ResponseModel):
    """A first screen. Its numbers are those of the figures of the same names."""

    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    kpis: KpiRead
    trend: Sequence[MonthRead]
    ages: AgesRead
    by_type: Sequence[TypeLoadRead]
    by_status: StatusRead
    courts: Sequence[CourtLoadRead]

    @classmethod
    def of(cls, overview: Overview) -> "AnalyticsRead":
        """From the bodies of the figures."""
        totals, ages = overview.totals, overview.ages["totals"]
        rates = {
            item["group"]["court"]["id"]: item["clearance"] for item in overview.clearance["items"]
        }
        nothing = {"numerator": 0, "denominator": 0, "value": None}
        months = {
            item["group"]["month"]: CaseloadRead.counts(item) for item in overview.by_month["items"]
        }
        return cls.model_validate(
            {
                "first": overview.period.first,
                "last": overview.period.last,
                "kpis": {
                    **CaseloadRead.counts(totals),
                    "inactive": totals["end_inactive"],
                    "clearance": overview.clearance["totals"]["clearance"],
                    "over_standard": ages["over_standard"],
                },
                "trend": [{"month": month, **counts} for month, counts in months.items()],
                "ages": ages,
                "by_type": [
                    {"case_type": item["group"]["case_type"], **CaseloadRead.counts(item)}
                    for item in overview.by_type["items"]
                ],
                "by_status": {
                    "pending": totals["end_active"],
                    "inactive": totals["end_inactive"],
                    "disposed_in_period": CaseloadRead.counts(totals)["resolved"],
                    "transferred_in_period": totals["transfer_out"],
                },
                "courts": [
                    {
                        "court": item["group"]["court"],
                        **CaseloadRead.counts(item),
                        "clearance": rates.get(item["group"]["court"]["id"], nothing),
                    }
                    for item in overview.by_court["items"]
                ],
            }
        )


class RecentActivityItem(ResponseModel):
    """One activity, in short."""

    activity_id: UUID
    case_id: UUID
    number: str = Field(examples=["HCCC E014 of 2025"])
    court: CourtBrief
    activity_on: date
    activity_type: str
    outcome: str | None
    source: SourceKind
    recorded_at: datetime
    recorded_by: PersonRead | None

    @classmethod
    def of(
        cls, activity: CaseActivity, recent: Recent, names: Mapping[UUID, str | None]
    ) -> "RecentActivityItem":
        """An activity with its names."""
        case = recent.cases[activity.case_id]
        outcome_id = activity.outcome_id
        return cls(
            activity_id=activity.id,
            case_id=case.id,
            number=display_number(case.caseid_type, case.number_raw, case.filed_year),
            court=CourtBrief.model_validate(case.court),
            activity_on=activity.activity_on,
            activity_type=recent.labels[activity.activity_type_id],
            outcome=recent.labels[outcome_id] if outcome_id is not None else None,
            source=activity.source_kind,
            recorded_at=activity.created_at,
            recorded_by=PersonRead.of(activity.created_by, names),
        )

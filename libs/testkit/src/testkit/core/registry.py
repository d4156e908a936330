"""The seeded courts, judges and words by name, and bodies to register and record with."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from core_service.activities.records import ActivityContent
from core_service.cases.records import CaseFiling
from core_service.demo.reference import court_ids, read_plan
from core_service.reference.seed import seed_id
from core_service.reference.spelling import display_name, normal_spelling

_COURTS: Final = court_ids(read_plan())
TESTVILLE: Final = _COURTS["Testville"]
APPEAL: Final = _COURTS["Testville Court of Appeal"]
DEMOVILLE: Final = _COURTS["Demoville"]


def judge(surname: str, given_names: str) -> UUID:
    return seed_id("judge", display_name(surname, given_names))


AMINA: Final = judge("Example", "Amina Wanja")
JOHN: Final = judge("Sample", "John")
PLACEHOLDER: Final = judge("Not Yet Assigned", "")


def case_type(code: str) -> UUID:
    return seed_id("case_type", code)


def category(code: str) -> UUID:
    return seed_id("case_category", code)


def activity_type(label: str) -> UUID:
    return seed_id("activity_type", normal_spelling(label))


def outcome(label: str) -> UUID:
    return seed_id("outcome", normal_spelling(label))


def reason(label: str) -> UUID:
    return seed_id("adjournment_reason", normal_spelling(label))


def case_body(**changes: Any) -> dict[str, Any]:
    """The body of a POST /cases."""
    return {
        "court_id": str(TESTVILLE),
        "caseid_type": "HCCC",
        "number": "E014",
        "filed_on": "2025-02-03",
        "case_type_id": str(case_type("CIVSUIT")),
    } | changes


def filing(**changes: Any) -> CaseFiling:
    """A filing as the import gives it."""
    values: dict[str, Any] = {
        "court_id": TESTVILLE,
        "caseid_type": "HCCC",
        "number": "E014",
        "filed_on": date(2025, 2, 3),
        "case_type_id": case_type("CIVSUIT"),
    }
    return CaseFiling(**values | changes)


def content(
    on: date, type_label: str, outcome_label: str | None, **changes: Any
) -> ActivityContent:
    """An activity's content, in the words of the vocabulary."""
    return ActivityContent(
        activity_on=on,
        activity_type_id=activity_type(type_label),
        outcome_id=outcome(outcome_label) if outcome_label else None,
        **changes,
    )


def activity_body(case_id: str, on: str, type_label: str, outcome_label: str) -> dict[str, Any]:
    """The body of a POST /activities."""
    return {
        "case_id": case_id,
        "activity_on": on,
        "activity_type_id": str(activity_type(type_label)),
        "outcome_id": str(outcome(outcome_label)),
    }

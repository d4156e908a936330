"""A valid call of every operation of core, on the scene: for tests that walk the OpenAPI."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core_service.metrics.catalogue import FIGURES
from testkit.core.registry import (
    AMINA,
    DEMOVILLE,
    JOHN,
    TESTVILLE,
    activity_body,
    case_body,
)
from testkit.core.returns import as_csv
from testkit.core.scene import (
    HELD_ROW,
    LISTED_ON,
    OPEN,
    SEALED,
    UNTOLD_ON,
    WHY,
    Scene,
    Subject,
)
from testkit.descriptions import parameters

PREFIX: Final = "/api/v1"
REFERENCE_ID: Final = "row_id"
ROW: Final = "row_no"
Build = Callable[[Scene, Subject], Mapping[str, Any]]

_ON_SEALED: Final = {"POST /cases/{case_id}/unseal"}
_PERIOD: Final = {"from": "2024-01-01", "to": "2026-06-01"}
_DAY: Final = {"court": str(TESTVILLE), "date": LISTED_ON}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the OpenAPI: its name is the method and the path under /api/v1."""

    method: str
    path: str
    spec: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def takes(self, parameter: str) -> bool:
        """Whether the operation has a parameter of this name."""
        return any(each["name"] == parameter for each in self.spec.get("parameters", ()))

    def requires(self, parameter: str) -> bool:
        """Whether it is refused without this parameter."""
        given = self.spec.get("parameters", ())
        return any(each["name"] == parameter and each["required"] for each in given)


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Every operation of an OpenAPI document."""
    return [
        Operation(
            method.upper(),
            path.removeprefix(PREFIX),
            {**spec, "parameters": parameters(document, spec)},
        )
        for path, methods in document["paths"].items()
        for method, spec in methods.items()
    ]


@dataclass(frozen=True, slots=True)
class Call:
    """A request without its caller, as `Api.call` takes it."""

    method: str
    path: str
    options: dict[str, Any] = field(default_factory=dict)


def call(operation: Operation, scene: Scene, subject: Subject) -> Call:
    """The call of an operation on a subject; a version to match is the sender's to add."""
    options: dict[str, Any] = {}
    if operation.name in PARAMETERS:
        options["params"] = dict(PARAMETERS[operation.name](scene, subject))
    if operation.name in BODIES:
        options["json"] = dict(BODIES[operation.name](scene, subject))
    if operation.name in FORMS:
        options |= FORMS[operation.name](scene, subject)
    return Call(operation.method, operation.path.format(**_ids(operation, scene, subject)), options)


def suiting(operation: Operation, scene: Scene) -> Subject:
    """The case on which the operation changes something: the open one, or the sealed to unseal."""
    return scene.subjects[SEALED if operation.name in _ON_SEALED else OPEN]


def _ids(operation: Operation, scene: Scene, subject: Subject) -> dict[str, str]:
    ids = {ROW: HELD_ROW, **subject.ids}
    kind = operation.path.split("/")[1]
    ids[REFERENCE_ID] = scene.reference.get(kind, "")
    if operation.path.endswith("/restore"):
        ids["case_id"] = subject.deleted_id
    if operation.path.endswith("/unmerge"):
        ids["judge_id"] = scene.merged_judge_id
    return ids


def _row(subject: Subject) -> dict[str, str]:
    return {"caseid_no": subject.number, "other_details": "Not sent before"}


def _just(values: Mapping[str, Any]) -> Build:
    return lambda _scene, _subject: values


PARAMETERS: Final[Mapping[str, Build]] = {
    "GET /cases": _just({"limit": "200"}),
    "GET /cases/lookup": lambda _, subject: {"number": subject.number},
    "GET /cause-lists": _just(_DAY),
    "GET /missing-outcomes": _just(_DAY | {"date": UNTOLD_ON}),
    "GET /diary-load": _just({"court": str(TESTVILLE), "from": "2026-07-01", "to": "2026-07-31"}),
    **{f"GET /metrics/{figure.name}": _just(_PERIOD) for figure in FIGURES},
    **{f"GET /metrics/{figure.name}/cases": _just(_PERIOD) for figure in FIGURES},
    "GET /metrics/clearance/cases": _just(_PERIOD | {"column": "denominator"}),
    "GET /reports/monthly": _just({"court": str(TESTVILLE), "month": "2026-04"}),
    "GET /exports/cases": _just({"filed_from": "2024-01-01"}),
    "GET /exports/activities": _just({"from": "2024-01-01", "to": "2026-06-01"}),
    "GET /returns/compliance": _just({"from": "2026-05-01", "to": "2026-05-31"}),
    "GET /registry-audit-events": _just({"entity": "cases", "action": "update"}),
    "POST /assignments/bulk": _just({"preview": "false"}),
}

BODIES: Final[Mapping[str, Build]] = {
    "POST /courts": _just(
        {
            "code": "TST-ELC",
            "name": "Testville Environment and Land",
            "court_type": "ELC",
            "station": "Testville",
        }
    ),
    "PATCH /courts/{row_id}": _just({"county": "Test County"}),
    "POST /judges": _just({"surname": "New", "given_names": "Judge", "cadre": "judge"}),
    "PATCH /judges/{row_id}": _just({"pj_number": "PJ-77"}),
    "POST /case-categories": _just({"code": "SUCC", "name": "Succession", "nature": "civil"}),
    "PATCH /case-categories/{row_id}": _just({"name": "Civil Suit or Matter"}),
    "POST /case-types": lambda scene, _: {
        "code": "OS",
        "name": "Originating Summons",
        "category_id": scene.reference["case-categories"],
    },
    "PATCH /case-types/{row_id}": _just({"name": "Civil Suits"}),
    "POST /activity-types": _just(
        {"label": "Site Visit", "counts_as_hearing": True, "adjournable": True}
    ),
    "PATCH /activity-types/{row_id}": _just({"valid_to": "2027-01-01"}),
    "POST /outcomes": _just({"label": "Site Visited", "effect": "none"}),
    "PATCH /outcomes/{row_id}": _just({"valid_to": "2027-01-01"}),
    "POST /adjournment-reasons": _just({"label": "Flood", "cause": "external"}),
    "PATCH /adjournment-reasons/{row_id}": _just({"label": "Party was absent"}),
    "POST /time-standards": lambda scene, _: {
        "edition": "Testville 2026",
        "label": "Civil suits",
        "category_id": scene.reference["case-categories"],
        "percent": 90,
        "days": 300,
        "source": "Testville court users' committee",
    },
    "PATCH /time-standards/{row_id}": _just({"is_active": False}),
    "POST /case-weights": lambda scene, _: {
        "edition": "Testville 2026",
        "label": "Civil suits",
        "category_id": scene.reference["case-categories"],
        "minutes": 400,
        "judge_year_minutes": 77_400,
        "source": "Testville court users' committee",
    },
    "PATCH /case-weights/{row_id}": _just({"is_active": False}),
    "POST /calendar-periods": _just(
        {"name": "Easter recess", "first_on": "2026-04-03", "last_on": "2026-04-06"}
    ),
    "PATCH /calendar-periods/{row_id}": _just({"last_on": "2026-08-31"}),
    "POST /aliases/{alias_id}/accept": _just({"target_id": str(AMINA)}),
    "POST /aliases/{alias_id}/reject": _just({"court_id": str(TESTVILLE)}),
    "POST /aliases/decisions": lambda _, subject: {
        "items": [
            {
                "alias_id": subject.ids["alias_id"],
                "decision": "accept",
                "target_id": str(AMINA),
            }
        ]
    },
    "POST /cases": _just(case_body(number="E8000")),
    "PATCH /cases/{case_id}": _just({"parties": {"female_applicant": 2}}),
    "POST /cases/{case_id}/seal": _just(WHY),
    "POST /cases/{case_id}/unseal": _just(WHY),
    "POST /activities": lambda _, subject: activity_body(
        subject.ids["case_id"], "2026-05-11", "Ruling", "Ruling Delivered"
    ),
    "POST /activities/batch": lambda _, subject: {
        "items": [activity_body(subject.ids["case_id"], "2026-05-11", "Ruling", "Ruling Delivered")]
    },
    "PATCH /activities/{activity_id}": _just({"details": "The parties were heard"}),
    "POST /cases/{case_id}/assignments": _just(
        {"judge_id": str(AMINA), "from_on": "2026-05-20", **WHY}
    ),
    "POST /cases/{case_id}/assignments/{assignment_id}/end": _just(
        {"ended_on": "2026-05-29", **WHY}
    ),
    "POST /assignments/bulk": _just(
        {"from_judge_id": str(JOHN), "to_judge_ids": [str(AMINA)], **WHY}
    ),
    "POST /cases/{case_id}/restore": _just(WHY),
    "POST /cases/{case_id}/transfer": _just(
        {"to_court_id": str(DEMOVILLE), "transferred_on": "2026-05-20", **WHY}
    ),
    "POST /cases/{case_id}/status": _just(
        {"status": "inactive", "effective_on": "2026-05-20", **WHY}
    ),
    "POST /activities/{activity_id}/void": _just(WHY),
    "POST /requests/{request_id}/accept": _just({}),
    "POST /requests/{request_id}/reject": _just({"note": "The order stands"}),
    "POST /cases/{case_id}/link": lambda scene, _: {
        "other_id": scene.peer_id,
        "kind": "related",
    },
    "POST /cases/{case_id}/unlink": lambda scene, _: {
        "other_id": scene.peer_id,
        "kind": "appeal_of",
    },
    "PATCH /imports/{batch_id}/rows/{row_no}": _just({"outcome": "Mention Date Given"}),
    "POST /imports/{batch_id}/revert": _just(WHY),
    "POST /hearings": lambda _, subject: {"case_id": subject.ids["case_id"], "on": "2026-08-03"},
    "PATCH /hearings/{hearing_id}": _just({"note": "In chambers"}),
    "POST /judges/{judge_id}/postings": _just(
        {"court_id": str(TESTVILLE), "from": "2026-02-01", "principal": False}
    ),
    "PATCH /judges/{judge_id}/postings/{posting_id}": _just({"to": "2026-12-01"}),
    "POST /reports/publications": _just({"court_id": str(TESTVILLE), "month": "2026-04"}),
    "POST /judges/{judge_id}/merge": _just({"into_id": str(AMINA)}),
}

FORMS: Final[Mapping[str, Callable[[Scene, Subject], dict[str, Any]]]] = {
    "POST /imports": lambda _, subject: {
        "files": {"file": ("day.csv", as_csv([_row(subject)]), "text/csv")},
        "data": {"mode": "validate"},
    },
}

# Answers in other forms than JSON, by the parameters that ask for them.
FORMATS: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "GET /cause-lists": ({"format": "csv"}, {"format": "ics"}),
    "GET /reports/monthly": ({"format": "csv"}, {"format": "xlsx"}),
    "GET /exports/cases": ({"format": "xlsx"}, {"format": "ndjson"}),
    "GET /exports/activities": ({"format": "xlsx"}, {"format": "ndjson"}),
}

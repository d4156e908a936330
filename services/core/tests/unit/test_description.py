"""The API's description: what every operation does, with examples, and how it refuses."""

import asyncio
from typing import Any

import pytest

from core_service.app import Callers, caller_verifier, create_app
from core_service.wiring import wire
from testkit import descriptions
from testkit.core.settings import make_settings
from testkit.core.tokens import Issuer


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The OpenAPI; nothing is connected to."""
    settings = make_settings("postgresql://127.0.0.1:1/core")
    core = wire(settings)
    app, _ = create_app(core, Callers(caller_verifier(settings, core, Issuer().resolve)))
    asyncio.run(core.close())
    return app.openapi()


def test_every_operation_has_a_summary_of_its_own_and_a_description(
    document: dict[str, Any],
) -> None:
    assert descriptions.undescribed(document) == []


def test_every_operation_documents_the_problems_that_its_parameters_bring(
    document: dict[str, Any],
) -> None:
    assert descriptions.undocumented(document) == []
    assert descriptions.missing_statuses(document) == []


def test_every_operation_documents_who_is_refused(document: dict[str, Any]) -> None:
    lacking = [
        name
        for name, operation in descriptions.named_operations(document)
        if not {"unauthenticated", "permission-denied"} <= descriptions.codes(operation)
    ]
    assert lacking == ["GET /api/v1/court-calendar"]  # which a console reads before anyone signs in


def test_problems_stand_under_their_status_with_their_code(document: dict[str, Any]) -> None:
    assert descriptions.wrong_problems(document) == []


def test_every_body_and_every_answer_has_an_example(document: dict[str, Any]) -> None:
    assert descriptions.without_example(document) == []


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    assert descriptions.wrong_examples(document) == []


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("POST /api/v1/cases", "case-number-taken"),
        ("PATCH /api/v1/cases/{case_id}", "precondition-failed"),
        ("POST /api/v1/activities", "activity-invalid"),
        ("POST /api/v1/activities", "activity-exists"),
        ("POST /api/v1/cases/{case_id}/transfer", "case-open-there"),
        ("POST /api/v1/assignments/bulk", "plan-changed"),
        ("POST /api/v1/judges/{judge_id}/postings", "posting-overlaps"),
        ("POST /api/v1/imports", "file-not-a-return"),
        ("GET /api/v1/cases", "cursor-invalid"),
    ],
)
def test_operations_describe_their_problem_codes(
    document: dict[str, Any], operation: str, code: str
) -> None:
    assert code in descriptions.codes(dict(descriptions.named_operations(document))[operation])


def test_every_post_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    lacking = [
        path
        for path, methods in document["paths"].items()
        if "post" in methods
        and "Idempotency-Key"
        not in {each["name"] for each in methods["post"].get("parameters", ())}
    ]
    assert lacking == []


def test_what_several_operations_answer_has_its_example_once(document: dict[str, Any]) -> None:
    (example,) = document["components"]["schemas"]["CaseRead"]["examples"]
    assert example["number"]
    answers = [
        dict(descriptions.named_operations(document))[name]["responses"]["200"]
        for name in ("GET /api/v1/cases/{case_id}", "PATCH /api/v1/cases/{case_id}")
    ]
    assert [list(each["content"]["application/json"]) for each in answers] == [["schema"]] * 2

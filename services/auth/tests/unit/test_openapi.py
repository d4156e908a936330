"""The API's description: every endpoint says what it does, with examples, and how it refuses."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from auth_service.app import create_app
from auth_service.wiring import wire
from testkit import descriptions
from testkit.auth.settings import make_settings

MEDIA_TYPE = "application/problem+json"
METHODS = ("get", "post", "put", "patch", "delete")
GENERATED = "Successful Response"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The OpenAPI; nothing is connected to."""
    auth = wire(make_settings("postgresql://127.0.0.1:1/auth", "redis://127.0.0.1:1"))
    try:
        return create_app(auth)[0].openapi()
    finally:
        asyncio.run(auth.close())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in schema.get("anyOf", ()):
        if "$ref" in choice:
            return resolved(document, choice)
    return schema


def has_example(document: dict[str, Any], content: dict[str, Any]) -> bool:
    """Whether the content has an example, or its schema, or that of the items of a page."""
    if "example" in content or "examples" in content:
        return True
    schema = resolved(document, content.get("schema", {}))
    if "examples" in schema:
        return True
    items = schema.get("properties", {}).get("items", {}).get("items", {})
    return "examples" in resolved(document, items)


def test_every_endpoint_has_a_summary_and_a_description(document: dict[str, Any]) -> None:
    found = list(operations(document))
    lacking = [
        name
        for name, operation in found
        if len(operation.get("description", "")) < 20 or not operation.get("summary")
    ]
    assert lacking == []
    summaries = [operation["summary"] for _, operation in found]
    assert len(set(summaries)) == len(summaries)


def test_every_body_and_answer_has_an_example(document: dict[str, Any]) -> None:
    lacking = []
    for name, operation in operations(document):
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        answers = [
            answer for status, answer in operation["responses"].items() if status.startswith("2")
        ]
        for part in (*bodies, *answers):
            contents = part.get("content", {}).values()
            if not all(has_example(document, content) for content in contents):
                lacking.append(name)
    assert lacking == []


def test_every_endpoint_lists_the_codes_of_its_own_refusals(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if "/.well-known/" in name:
            continue  # there is nothing to refuse
        codes: set[str] = set()
        for status, answer in operation["responses"].items():
            examples = answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
            for code, example in examples.items():
                value = example["value"]
                assert (value["code"], value["type"]) == (code, f"/problems/{code}"), name
                assert str(value["status"]) == status, name
                assert f"`{code}`" in answer["description"], name
                codes.add(code)
        assert codes, name


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("POST /api/v1/auth/login", "invalid-credentials"),
        ("POST /api/v1/auth/refresh", "refresh-token-reused"),
        ("POST /api/v1/auth/password/reset", "reset-token-invalid"),
        ("POST /api/v1/users", "email-taken"),
        ("PATCH /api/v1/users/{user_id}", "last-admin"),
        ("PATCH /api/v1/users/{user_id}", "precondition-required"),
        ("POST /api/v1/users/{user_id}/grants", "self-elevation"),
        ("GET /api/v1/audit-events", "cursor-invalid"),
        ("POST /api/v1/service-clients", "idempotency-key-reused"),
    ],
)
def test_operations_describe_their_problem_codes(
    document: dict[str, Any], operation: str, code: str
) -> None:
    responses = dict(operations(document))[operation]["responses"]
    described = [answer.get("content", {}).get(MEDIA_TYPE, {}) for answer in responses.values()]
    assert any(code in content.get("examples", {}) for content in described)


def test_parameters_that_guard_writes_are_described(document: dict[str, Any]) -> None:
    found = dict(operations(document))
    for name in ("POST /api/v1/users", "POST /api/v1/service-clients"):
        names = [parameter["name"] for parameter in found[name]["parameters"]]
        assert "Idempotency-Key" in names
    for name in ("PATCH /api/v1/users/{user_id}", "DELETE /api/v1/service-clients/{client_key}"):
        assert "If-Match" in [parameter["name"] for parameter in found[name]["parameters"]]


def test_every_operation_documents_the_problems_that_its_parameters_bring(
    document: dict[str, Any],
) -> None:
    assert descriptions.undocumented(document) == []
    assert descriptions.missing_statuses(document) == []


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    assert descriptions.wrong_examples(document) == []

"""The description of the whole API: valid, small, and with one name for one thing."""

import asyncio
import json
from typing import Any, Final

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.policy.step_up import DEFAULT_OPERATIONS
from testkit import descriptions
from testkit.api_document import describe_services, published

MOST_BYTES: Final = 600 * 1000


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """What each service says of itself; nothing is connected to."""
    return asyncio.run(describe_services())


@pytest.fixture(scope="module")
def openapi(services: dict[str, dict[str, Any]]) -> bytes:
    """The document as the gateway publishes it."""
    return published(services)


@pytest.fixture(scope="module")
def document(openapi: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(openapi)
    return found


def test_it_is_a_valid_document(document: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_is_small(openapi: bytes) -> None:
    assert len(openapi) < MOST_BYTES


def test_no_operation_and_no_schema_shares_its_name_with_another(document: dict[str, Any]) -> None:
    assert descriptions.badly_named(document) == []
    assert descriptions.untitled(document) == []


def test_no_schema_means_two_things(
    services: dict[str, dict[str, Any]], document: dict[str, Any]
) -> None:
    named = {name for each in services.values() for name in each["components"]["schemas"]}
    assert document["components"]["schemas"].keys() == named


def test_what_wants_a_second_factor_by_default_are_operations(document: dict[str, Any]) -> None:
    operations = {
        f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item
    }
    assert set(DEFAULT_OPERATIONS) <= operations


def test_every_answer_says_what_it_is(services: dict[str, dict[str, Any]]) -> None:
    for document in services.values():
        assert descriptions.undescribed_answers(document) == []


def test_every_operation_is_in_a_described_group(document: dict[str, Any]) -> None:
    assert descriptions.untagged(document) == []


def test_every_refusal_is_a_shared_response_that_names_its_codes(document: dict[str, Any]) -> None:
    for name, operation in descriptions.named_operations(document):
        for status, answer in operation["responses"].items():
            if status >= "400" and "content" not in answer:
                shared = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
                (content,) = shared["content"].values()
                for code in content["examples"]:
                    assert f"`{code}`" in shared["description"], name


def test_operations_say_how_to_be_signed_in(document: dict[str, Any]) -> None:
    assert document["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["paths"]["/api/v1/auth/login"]["post"]["security"] == []

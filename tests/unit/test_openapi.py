"""The description of the whole API: valid, small, and with one name for one thing."""

import asyncio
import json
from typing import Any, Final

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from auth_service import app as auth_app
from auth_service.wiring import wire
from core_service import wiring as core_wiring
from core_service.app import Callers, caller_verifier, create_app
from gateway.documents.publishing import Published, describe
from gateway.routes import DEFAULT_ROUTES, RouteTable
from testkit import descriptions
from testkit.auth.settings import make_settings as make_auth_settings
from testkit.core.settings import make_settings as make_core_settings
from testkit.core.tokens import Issuer

MOST_BYTES: Final = 600 * 1000


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """What each service says of itself; nothing is connected to."""
    auth = wire(make_auth_settings("postgresql://127.0.0.1:1/auth", "redis://127.0.0.1:1"))
    settings = make_core_settings("postgresql://127.0.0.1:1/core")
    core = core_wiring.wire(settings)
    callers = Callers(caller_verifier(settings, core, Issuer().resolve))
    try:
        return {
            "auth": auth_app.create_app(auth)[0].openapi(),
            "core": create_app(core, callers)[0].openapi(),
        }
    finally:
        asyncio.run(auth.close())
        asyncio.run(core.close())


@pytest.fixture(scope="module")
def openapi(services: dict[str, dict[str, Any]]) -> bytes:
    """The document as the gateway publishes it."""
    info = {"title": "Masijala", "version": "1"}
    return Published.of(describe(services, info, RouteTable(DEFAULT_ROUTES))).openapi


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

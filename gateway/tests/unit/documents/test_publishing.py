"""Two services' descriptions become one, with no name meaning two things."""

import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import aiohttp
import pytest

from gateway.edge.documents import Documents, admitting, merge
from gateway.routes import DEFAULT_ROUTES, RouteTable

INFO = {"title": "All", "version": "1"}


def document(path: str, schema: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Item"}
    content = {"application/json": {"schema": reference}}
    operation = {
        "summary": "List <items>",
        "tags": ["items"],
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        "requestBody": {"content": content},
        "responses": {"200": {"description": "ok", "content": content}},
    }
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "paths": {path: {"post": operation}, "/internal/v1/x": {"get": operation}},
        "components": {"schemas": {"Item": schema, **schemas}},
    }


A_ITEM = {
    "type": "object",
    "properties": {"a": {"type": "string", "format": "uuid"}},
    "required": ["a"],
}
B_ITEM = {"type": "object", "properties": {"b": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}}
PROBLEM = {
    "type": "object",
    "properties": {"codes": {"type": "array", "items": {"enum": ["x", 1]}}},
}


@pytest.fixture
async def documents() -> AsyncIterator[Documents]:
    """Of one service, which was read a moment ago."""
    async with aiohttp.ClientSession() as session:
        routes = RouteTable(DEFAULT_ROUTES)
        documents = Documents(session, {"auth": "http://auth"}, "All", "1", "/", routes)
        documents._known["auth"] = document("/api/v1/a", A_ITEM)
        documents._fetched_at = monotonic()
        yield documents


async def test_what_is_published_is_made_once_however_many_ask(documents: Documents) -> None:
    first = await documents.published()
    assert await documents.published() is first
    assert list(json.loads(first.openapi)["paths"]) == ["/api/v1/a"]


def test_internal_paths_are_nobodys_business() -> None:
    merged = merge({"auth": document("/api/v1/a", A_ITEM)}, INFO)
    assert list(merged["paths"]) == ["/api/v1/a"]


def test_equal_components_are_kept_once() -> None:
    documents = {
        "auth": document("/api/v1/a", A_ITEM, Problem=PROBLEM),
        "core": document("/api/v1/b", A_ITEM, Problem=PROBLEM),
    }
    assert sorted(merge(documents, INFO)["components"]["schemas"]) == ["Item", "Problem"]


def test_a_clash_is_renamed_with_its_references() -> None:
    documents = {
        "auth": document("/api/v1/a", A_ITEM, Problem=PROBLEM),
        "core": document("/api/v1/b", B_ITEM, Problem=PROBLEM),
    }
    merged = merge(documents, INFO)
    assert merged["components"]["schemas"]["Item"] == A_ITEM
    assert merged["components"]["schemas"]["CoreItem"] == B_ITEM
    content = merged["paths"]["/api/v1/b"]["post"]["requestBody"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/CoreItem"}
    assert "CoreItem" not in str(merged["paths"]["/api/v1/a"])
    assert merged["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_what_refers_to_a_clash_is_another_in_each_service_too() -> None:
    page = {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}
    shelf = {"type": "array", "items": {"$ref": "#/components/schemas/Page"}}
    documents = {
        "auth": document("/api/v1/a", A_ITEM, Page=page, Shelf=shelf),
        "core": document("/api/v1/b", B_ITEM, Page=page, Shelf=shelf),
    }
    schemas = merge(documents, INFO)["components"]["schemas"]
    assert schemas["Page"]["items"] == {"$ref": "#/components/schemas/Item"}
    assert schemas["Shelf"]["items"] == {"$ref": "#/components/schemas/Page"}
    assert schemas["CorePage"]["items"] == {"$ref": "#/components/schemas/CoreItem"}
    assert schemas["CoreShelf"]["items"] == {"$ref": "#/components/schemas/CorePage"}


def test_operations_that_do_without_a_token_say_so() -> None:
    basic: dict[str, Any] = {"security": [{"basic": []}]}
    paths = {
        "/api/v1/auth/login": {"post": {}},
        "/api/v1/auth/logout": {"post": {}},
        "/api/v1/auth/token": {"post": basic},
        "/api/v1/cases/{case_id}": {"get": {}},
    }
    assert admitting(paths, RouteTable(DEFAULT_ROUTES)) == {
        "/api/v1/auth/login": {"post": {"security": []}},
        "/api/v1/auth/logout": {"post": {"security": [{}, {"bearer": []}]}},
        "/api/v1/auth/token": {"post": basic},
        "/api/v1/cases/{case_id}": {"get": {}},
    }

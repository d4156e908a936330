"""Two services' descriptions become one, with no name meaning two things."""

import json
from typing import Any

import httpx

from common.http_client import ServiceClient
from gateway.documents.merging import admitting, merge
from gateway.documents.publishing import Documents, Published
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


class Services:
    """What each service answers; None while it is unavailable."""

    def __init__(self, **described: dict[str, Any] | None) -> None:
        self.described = described
        clients = {name: self._client(name) for name in described}
        self.documents = Documents(clients, INFO, RouteTable(DEFAULT_ROUTES))

    def _client(self, name: str) -> ServiceClient:
        def answer(_: httpx.Request) -> httpx.Response:
            described = self.described[name]
            return httpx.Response(503 if described is None else 200, json=described)

        return ServiceClient("http://x", attempts=1, transport=httpx.MockTransport(answer))

    async def published(self) -> Published | None:
        await self.documents.refresh()
        return self.documents.published


async def test_nothing_is_published_until_every_service_has_answered_once() -> None:
    services = Services(auth=document("/api/v1/a", A_ITEM), core=None)
    assert await services.published() is None
    assert services.documents.versions == {"auth": "1", "core": None}
    services.described["core"] = document("/api/v1/b", B_ITEM)
    published = await services.published()
    assert published is not None
    assert list(json.loads(published.openapi)["paths"]) == ["/api/v1/a", "/api/v1/b"]
    assert published.methods.of("/api/v1/b") == ("POST",)


async def test_what_has_not_changed_is_not_published_again_and_what_stops_stays() -> None:
    services = Services(auth=document("/api/v1/a", A_ITEM))
    first = await services.published()
    for unchanged in (document("/api/v1/a", A_ITEM), None):
        services.described["auth"] = unchanged
        assert await services.published() is first
    services.described["auth"] = document("/api/v1/b", A_ITEM)
    second = await services.published()
    assert first is not None
    assert second is not None
    assert second.etag != first.etag


def test_internal_paths_are_not_published() -> None:
    merged = merge({"auth": document("/api/v1/a", A_ITEM)}, INFO)
    assert list(merged["paths"]) == ["/api/v1/a"]


def test_equal_components_are_merged() -> None:
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

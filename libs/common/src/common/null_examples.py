"""Gives the examples of an OpenAPI document their nulls back.

FastAPI leaves out every null of its document (`exclude_none`), those within examples too, so that
an example of something that may be null lacks a required member.
"""

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]


def restore_nulls(document: Document) -> None:
    """Complete the examples of every schema."""
    for schema in document.get("components", {}).get("schemas", {}).values():
        for example in schema.get("examples", ()):
            _complete(document, schema, example)


def _complete(document: Document, schema: Mapping[str, Any], example: Any) -> None:
    schema = _named(document, schema)
    if isinstance(example, list):
        for item in example:
            _complete(document, schema.get("items", {}), item)
    if not isinstance(example, dict):
        return
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in example and _may_be_null(properties.get(name, {})):
            example[name] = None
    for name, value in example.items():
        _complete(document, properties.get(name, {}), value)


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    return {"type": "null"} in schema.get("anyOf", ())


def _named(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema behind a reference, or behind that of a choice with null."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if _may_be_null(schema):
        others = [each for each in schema["anyOf"] if each != {"type": "null"}]
        return _named(document, others[0]) if len(others) == 1 else {}
    return schema

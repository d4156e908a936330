"""The same description in fewer bytes."""

from collections.abc import Mapping
from typing import Any, Final

from common.problems import MEDIA_TYPE

Document = dict[str, Any]

# Keywords that would then hold for null too, or for the whole choice.
_OF_VALUES: Final = frozenset({"const", "description", "enum", "examples", "items", "properties"})


def shorten(node: Any) -> Any:
    """The node with the short form of what may be null."""
    if isinstance(node, list):
        return [shorten(each) for each in node]
    if not isinstance(node, dict):
        return node
    return _nullable({name: shorten(each) for name, each in node.items()})


def name_codes(response: Document) -> Document:
    """The response with its codes alone as its description, where its examples have the titles.

    A single one keeps its title, and so does what the service has described in other words.
    """
    examples: Mapping[str, Any] = response["content"][MEDIA_TYPE]["examples"]
    titled = [f"`{code}`: {each['value']['title']}" for code, each in examples.items()]
    if len(titled) == 1 or response["description"] != "; ".join(titled):
        return response
    return response | {"description": ", ".join(f"`{code}`" for code in examples)}


def _nullable(schema: Document) -> Document:
    """`{"type": ["string", "null"]}` for a choice of a plain type and null (JSON Schema, 6.1.1)."""
    match schema:
        case {"anyOf": [{"type": str(kind)}, {"type": "null"}], **others}:
            plain: Document = schema["anyOf"][0]
            if not plain.keys() & (_OF_VALUES | others.keys()):
                return {**plain, "type": [kind, "null"], **others}
    return schema

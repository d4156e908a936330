"""YAML, as far as a configuration needs it: maps, lists and scalars, in a form that reads well."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

Node = Mapping[str, "Node"] | Sequence["Node"] | str | int | bool

# Needs no quotes in any YAML: starts with a letter and holds nothing that has a meaning.
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./@-]*")
_KEYWORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def to_yaml(document: Mapping[str, Node]) -> str:
    """The document as text; everything that could be misread is quoted as in JSON."""
    return "".join(f"{line}\n" for line in _lines(document))


def _lines(node: Mapping[str, Node] | Sequence[Node]) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _entry(f"{_scalar(key)}:", value)
    else:
        for item in node:
            yield from _item(item)


def _entry(head: str, value: Node) -> Iterator[str]:
    if _is_scalar(value) or not value:
        yield f"{head} {_inline(value)}"
        return
    yield head
    for line in _lines(value):  # type: ignore[arg-type]  # not a scalar, as just seen
        yield f"  {line}"


def _item(value: Node) -> Iterator[str]:
    if _is_scalar(value) or not value:
        yield f"- {_inline(value)}"
        return
    first, *rest = _lines(value)  # type: ignore[arg-type]  # not a scalar, as just seen
    yield f"- {first}"
    for line in rest:
        yield f"  {line}"


def _is_scalar(value: Node) -> bool:
    return isinstance(value, str | int)


def _inline(value: Node) -> str:
    if isinstance(value, Mapping):
        return "{}"
    return _scalar(value) if isinstance(value, str | int) else "[]"


def _scalar(value: str | int) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _KEYWORDS:
        return value
    return json.dumps(value, ensure_ascii=False)

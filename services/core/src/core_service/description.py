"""Completes the description of core's API: its groups, and recorded answers as examples.

`examples.json` was recorded from the tests' scene by the test that holds it against the registry.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

EXAMPLES_FILE: Final = "examples.json"
JSON: Final = "application/json"
# What each group of operations is for, as the documentation shows it and in its order.
TAGS: Final = {
    "cases": "Find, register and change cases; their seal, links, ledger and history.",
    "activities": "What happened in court: one activity, or the whole list of a day.",
    "hearings": "Days to come: hearings, cause lists, diaries, and outcomes still to record.",
    "assignments": "Which judge is responsible for a case, and handing over many cases.",
    "requests": "Changes that need an administrator: ask for one, and accept or reject it.",
    "imports": "Send a daily return as CSV or XLSX, follow it, and read what became of each row.",
    "metrics": "Figures about the caseload, each with the cases behind it.",
    "judges": "Where judges sit, and merging two records of one judge.",
    "dashboard": "The first screen: the caseload at a glance, and what was recorded last.",
    "reports": "A court's month as it is reported, published, and restated by what is known later.",
    "exports": "Cases and activities as files: CSV, XLSX or NDJSON, as long as they may be.",
    "reference data": "Courts, judges, case types, outcomes and all else that forms offer.",
    "aliases": "Spellings found in returns, and what each of them means.",
    "registry audit": "For administrators: who changed which row of the registry, and when.",
}


def read_examples() -> dict[str, Any]:
    """The recorded bodies by operation: `request`, and answers by status and type if not JSON."""
    text = files("core_service").joinpath(EXAMPLES_FILE).read_text(encoding="utf-8")
    examples: dict[str, Any] = json.loads(text)
    return examples


def add_examples(document: dict[str, Any]) -> None:
    """Put the recorded bodies where the operations describe theirs."""
    examples = read_examples()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _add(operation, examples.get(f"{method.upper()} {path}", {}))
    _share(document)


def _add(operation: dict[str, Any], recorded: Mapping[str, Any]) -> None:
    if "request" in recorded:
        for content in operation["requestBody"]["content"].values():
            content["example"] = recorded["request"]
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            part = status if media_type == JSON else f"{status} {media_type}"
            if part in recorded:
                content["example"] = recorded[part]


def _share(document: dict[str, Any]) -> None:
    """Move the example of what several operations answer to its schema: that of a read, if any."""
    answers: dict[str, list[dict[str, Any]]] = {}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            for content in _answers(operation):
                named = answers.setdefault(content["schema"]["$ref"].rpartition("/")[2], [])
                named.insert(0 if method == "get" else len(named), content)
    for name, contents in answers.items():
        if len(contents) > 1:
            examples = [content.pop("example") for content in contents]
            shown = next((each for each in examples if each.get("items") != []), examples[0])
            document["components"]["schemas"][name].setdefault("examples", [shown])


def _answers(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What an operation answers as JSON, if it has an example and a schema with a name."""
    for response in operation["responses"].values():
        content = response.get("content", {}).get(JSON, {})
        if "example" in content and "$ref" in content.get("schema", {}):
            yield content

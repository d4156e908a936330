"""Completes the description of core's API with examples: what the registry really answered.

`examples.json` was recorded from the tests' scene by the test that holds it against the registry.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

EXAMPLES_FILE: Final = "examples.json"
JSON: Final = "application/json"


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


def _add(operation: dict[str, Any], recorded: Mapping[str, Any]) -> None:
    if "request" in recorded:
        for content in operation["requestBody"]["content"].values():
            content["example"] = recorded["request"]
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            part = status if media_type == JSON else f"{status} {media_type}"
            if part in recorded:
                content["example"] = recorded[part]

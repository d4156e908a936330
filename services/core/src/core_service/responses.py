"""What the OpenAPI says of versioned resources beyond what every endpoint may answer."""

from typing import Any, Final

from common.problems import MEDIA_TYPE, Problem

_SCHEMA: Final = {"$ref": f"#/components/schemas/{Problem.__name__}"}


def _problem(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "model": Problem,
        "content": {MEDIA_TYPE: {"schema": _SCHEMA}},
    }


VERSIONED: Final[dict[int | str, dict[str, Any]]] = {
    412: _problem("Somebody has changed this; `current_version` is the newest"),
    428: _problem("Send `If-Match` with the version you read"),
}

"""What the OpenAPI says of refusals in OAuth's own words."""

from typing import Any

from auth_service.clients.schemas import TokenErrorAnswer


def token_errors(description: str, *errors: str) -> dict[str, Any]:
    """A refusal in OAuth's own words, which its clients expect instead of a problem."""
    examples = {
        error: {
            "summary": error,
            "value": {"error": error, "error_description": "what is wrong, in words"},
        }
        for error in errors
    }
    return {
        "description": description,
        "model": TokenErrorAnswer,
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{TokenErrorAnswer.__name__}"},
                "examples": examples,
            }
        },
    }

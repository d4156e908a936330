"""Bases of request and response bodies: unknown and malformed input is refused, not ignored."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class RequestModel(BaseModel):
    """A request body: unknown fields and NUL characters are refused, ends are trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _no_nul(cls, data: Any) -> Any:
        # Postgres cannot store U+0000 in text; better a named refusal than a database error.
        if isinstance(data, dict) and any(
            isinstance(value, str) and "\x00" in value for value in data.values()
        ):
            raise ValueError("must not contain NUL characters")
        return data


class ResponseModel(BaseModel):
    """A response body; may be read straight from a row's attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

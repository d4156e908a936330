"""Bases of request and response bodies: unknown and malformed input is refused, not ignored."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

MOST_FIELDS: Final = 100
NO_NUL: Final = "must not contain NUL characters"


class RequestModel(BaseModel):
    """A request body: unknown fields and NUL characters are refused, ends are trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _few(cls, data: Any) -> Any:
        # Each unknown field is its own error: a body full of them would take a second.
        if isinstance(data, dict) and len(data) > MOST_FIELDS:
            raise ValueError(f"must not have more than {MOST_FIELDS} fields")
        return data

    @field_validator("*", mode="before")
    @classmethod
    def _no_nul(cls, value: Any) -> Any:
        # Postgres cannot store U+0000 in text; better a named refusal than a database error.
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and "\x00" in text for text in texts):
            raise ValueError(NO_NUL)
        return value


class ResponseModel(BaseModel):
    """A response body; may be read straight from a row's attributes."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

"""Passwords in request bodies: taken as they are typed, never trimmed, never shown."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

# Far above the policy's 256, so that a sign-in is refused alike whatever is typed, yet bounded.
MAX_INPUT_CHARACTERS: Final = 1024


def encodable(value: str) -> str:
    """Text that can be stored: no lone surrogates. Raises ValueError."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode text") from None
    return value


Password = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=MAX_INPUT_CHARACTERS),
    AfterValidator(encodable),
    Field(repr=False, json_schema_extra={"format": "password", "writeOnly": True}),
]

"""Types of fields that several request bodies have."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

# Far above the policy's 256, so that every password is refused alike at sign-in, yet bounded.
MAX_PASSWORD_CHARACTERS: Final = 1024
MAX_EMAIL_CHARACTERS: Final = 320


def encodable(value: str) -> str:
    """Text that can be stored: no lone surrogates. Raises ValueError."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode text") from None
    return value


def _one_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("must be one line of printable text")  # it appears in mails and lists
    return name


# Taken as typed, never trimmed, never shown.
Password = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=MAX_PASSWORD_CHARACTERS),
    AfterValidator(encodable),
    Field(repr=False, json_schema_extra={"format": "password", "writeOnly": True}),
]
# Looks an account up; only what is stored must be a well-formed address.
EmailText = Annotated[
    str,
    AfterValidator(encodable),
    Field(min_length=1, max_length=MAX_EMAIL_CHARACTERS, examples=["clerk@masijala.example"]),
]
PersonName = Annotated[
    str, AfterValidator(_one_line), Field(min_length=1, max_length=200, examples=["Asha Kamau"])
]

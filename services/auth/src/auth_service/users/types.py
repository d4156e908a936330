"""Addresses and names in request bodies."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from auth_service.passwords.types import encodable

MAX_CHARACTERS: Final = 320


def _one_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("must be one line of printable text")  # it stands in mails and lists
    return name


# Looks an account up; whether it is an address at all is judged where one is stored.
EmailText = Annotated[
    str,
    AfterValidator(encodable),
    Field(min_length=1, max_length=MAX_CHARACTERS, examples=["clerk@masijala.example"]),
]

PersonName = Annotated[
    str, AfterValidator(_one_line), Field(min_length=1, max_length=200, examples=["Asha Kamau"])
]

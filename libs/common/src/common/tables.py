"""Column types that the tables of all services have."""

from enum import StrEnum
from typing import Final

from sqlalchemy import DateTime, Enum

UTC_TIME: Final = DateTime(timezone=True)


def text_enum(values: type[StrEnum], length: int) -> Enum:
    """Text in the database, so that a new value needs no ALTER TYPE; an enum in Python."""
    return Enum(
        values,
        native_enum=False,
        length=length,
        create_constraint=False,
        values_callable=lambda kind: [member.value for member in kind],
    )

"""The base of auth's tables: their own metadata, named constraints, and the columns all share."""

from enum import StrEnum
from typing import Final

from sqlalchemy import DateTime, Enum, MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from common.database import NAMING_CONVENTION

METADATA: Final = MetaData(naming_convention=NAMING_CONVENTION)
UTC_TIME: Final = DateTime(timezone=True)


class Table(SQLModel, registry=registry(metadata=METADATA)):
    """The base of every table of auth; apart from other services' metadata."""


def text_enum(values: type[StrEnum]) -> Enum:
    """Text in the database, so that a new value needs no ALTER TYPE; an enum in Python."""
    return Enum(
        values,
        native_enum=False,
        length=32,
        create_constraint=False,
        values_callable=lambda kind: [member.value for member in kind],
    )

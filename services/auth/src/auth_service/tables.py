"""The base of auth's tables: metadata with named constraints, and the types of columns."""

from functools import partial
from typing import Final

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from common import tables
from common.database import NAMING_CONVENTION

METADATA: Final = MetaData(naming_convention=NAMING_CONVENTION)
UTC_TIME: Final = tables.UTC_TIME
text_enum: Final = partial(tables.text_enum, length=32)


class Table(SQLModel, registry=registry(metadata=METADATA)):
    """The base of all tables of auth; their metadata is separate from that of other services."""

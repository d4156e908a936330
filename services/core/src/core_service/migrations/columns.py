"""Columns that most tables have."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa


def record_columns() -> Iterator[sa.Column[Any]]:
    """Those of a `Record`: its ID, who wrote it when, and its version."""
    yield sa.Column("id", sa.Uuid(), nullable=False)
    yield sa.Column("created_at", sa.DateTime(timezone=True), nullable=False)
    yield sa.Column("created_by", sa.Uuid())
    yield sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False)
    yield sa.Column("updated_by", sa.Uuid())
    yield sa.Column("version", sa.Integer(), nullable=False)

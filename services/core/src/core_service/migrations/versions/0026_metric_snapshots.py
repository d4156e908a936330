"""Months that a court has published: who, when, and as known at which moment."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from core_service.migrations.columns import record_columns

revision: Final = "0026"
down_revision: Final = "0025"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "metric_snapshots",
        *record_columns(),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("known_on", sa.DateTime(timezone=True), nullable=False),
        sa.Column("definitions", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_metric_snapshots"),
        sa.ForeignKeyConstraint(["court_id"], ["courts.id"], name="fk_metric_snapshots_court_id"),
        sa.CheckConstraint("EXTRACT(DAY FROM month) = 1", name="month"),
    )
    op.create_index(
        "ix_metric_snapshots_court_id", "metric_snapshots", ["court_id", "month", "known_on"]
    )


def downgrade() -> None:
    op.drop_table("metric_snapshots")

"""Hearings: planned and actual days of cases.

Cases from before get theirs when something happens to them next, or all at once by `core rebuild`.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

UTC_TIME: Final = sa.DateTime(timezone=True)
REFERENCES: Final = {
    "case_id": "cases",
    "court_id": "courts",
    "judge_id": "judges",
    "purpose_id": "activity_types",
    "set_by_id": "case_activities",
    "actual_id": "case_activities",
    "planned_judge_id": "judges",
    "planned_purpose_id": "activity_types",
}


def upgrade() -> None:
    op.create_table(
        "hearings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.Column("updated_by", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("hearing_on", sa.Date(), nullable=False),
        sa.Column("judge_id", sa.Uuid()),
        sa.Column("purpose_id", sa.Uuid()),
        sa.Column("setting_no", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("set_by_id", sa.Uuid()),
        sa.Column("actual_id", sa.Uuid()),
        sa.Column("is_manual", sa.Boolean(), nullable=False),
        sa.Column("is_vacated", sa.Boolean(), nullable=False),
        sa.Column("planned_judge_id", sa.Uuid()),
        sa.Column("planned_purpose_id", sa.Uuid()),
        sa.Column("note", sa.String()),
        sa.CheckConstraint("setting_no > 0", name="ck_hearings_setting_no"),
        sa.CheckConstraint(
            "(status IN ('heard', 'adjourned')) = (actual_id IS NOT NULL)",
            name="ck_hearings_actual",
        ),
        sa.CheckConstraint("is_manual OR NOT is_vacated", name="ck_hearings_vacated"),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_hearings_{column}")
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hearings"),
    )
    op.create_index("uq_hearings_day", "hearings", ["case_id", "hearing_on"], unique=True)
    op.create_index("ix_hearings_court_day", "hearings", ["court_id", "hearing_on"])
    op.create_index("ix_hearings_judge_day", "hearings", ["judge_id", "hearing_on"])
    for column in ("set_by_id", "actual_id"):
        op.create_index(
            f"ix_hearings_{column}",
            "hearings",
            [column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def downgrade() -> None:
    op.drop_table("hearings")

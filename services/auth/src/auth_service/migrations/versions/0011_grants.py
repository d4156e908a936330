"""Grants with a begin, groups of courts, the last sign-in, dormant and anonymised accounts.

A service of the revision before takes a grant that has not begun as in force: give none until every
process has been replaced. Of a group's grant it reads the copied courts.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0011"
down_revision: Final = "0010"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TIME: Final = sa.DateTime(timezone=True)
USERS: Final = ("last_signed_in_at", "dormant_at", "anonymised_at")


def _dated(name: str, **options: Any) -> "sa.Column[Any]":
    return sa.Column(name, TIME, nullable=False, **options)


def upgrade() -> None:
    op.create_table(
        "court_groups",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("court_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        _dated("created_at"),
        _dated("updated_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cardinality(court_ids) > 0", name="court_ids"),
    )
    op.add_column("grants", sa.Column("begins_at", TIME, nullable=True))
    group = sa.ForeignKey("court_groups.id", ondelete="SET NULL", name="fk_grants_group_id")
    op.add_column("grants", sa.Column("group_id", sa.Uuid(), group, nullable=True))
    op.create_index("ix_grants_group_id", "grants", ["group_id"])
    op.add_column("grants", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_check_constraint(
        "group_courts", "grants", "group_id IS NULL OR court_ids IS NOT NULL"
    )
    op.create_check_constraint("period", "grants", "begins_at < expires_at")
    for name in USERS:
        op.add_column("users", sa.Column(name, TIME, nullable=True))
    op.add_column("users", _dated("active_changed_at", server_default=sa.func.now()))
    op.execute(
        "UPDATE users SET"
        " active_changed_at = CASE WHEN is_active THEN created_at ELSE updated_at END,"
        " last_signed_in_at = (SELECT max(created_at) FROM sessions WHERE user_id = users.id)"
    )


def downgrade() -> None:
    for name in ("active_changed_at", *reversed(USERS)):
        op.drop_column("users", name)
    op.execute("DELETE FROM grants WHERE begins_at > now()")
    for name in ("ck_grants_period", "ck_grants_group_courts"):
        op.drop_constraint(name, "grants")
    for name in ("version", "group_id", "begins_at"):
        op.drop_column("grants", name)
    op.drop_table("court_groups")

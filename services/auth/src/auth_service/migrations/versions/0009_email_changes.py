"""Changes of addresses with their links, printed codes, and the index of sign-ins.

The running revision knows none of these tables.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from common.migration_indexes import build_index, drop_index

revision: Final = "0009"
down_revision: Final = "0008"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TIME: Final = sa.DateTime(timezone=True)
SIGN_INS: Final = "ix_audit_events_sign_ins"


def _reference(name: str, target: str, *, unique: bool = False) -> "sa.Column[Any]":
    key = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, sa.Uuid(), key, nullable=False, unique=unique)


def _single_use() -> "list[sa.Column[Any]]":
    return [
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
    ]


def upgrade() -> None:
    # First, since it is committed by itself: a migration that fails after it can run again.
    where = sa.text("action = 'login'")
    build_index(SIGN_INS, "audit_events", ["subject_id", "sequence"], postgresql_where=where)
    op.create_table(
        "one_time_codes",
        *_single_use(),
        _reference("user_id", "users.id", unique=True),
        sa.Column("label", sa.String(8), nullable=False),
    )
    op.create_table(
        "email_changes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _reference("user_id", "users.id"),
        sa.Column("old_email", sa.String(254), nullable=False),
        sa.Column("new_email", sa.String(254), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("confirmed_at", TIME, nullable=True),
        sa.Column("mail_state", sa.String(32), nullable=True),
        sa.Column("mail_reason", sa.String(200), nullable=True),
        sa.Column("mail_at", TIME, nullable=True),
    )
    op.create_index("ix_email_changes_user_id", "email_changes", ["user_id"])
    op.create_index("ix_email_changes_created_at", "email_changes", ["created_at"])
    op.create_table(
        "email_links",
        *_single_use(),
        _reference("change_id", "email_changes.id"),
        sa.Column("purpose", sa.String(32), nullable=False),
    )
    op.create_index("ix_email_links_change_id", "email_links", ["change_id"])


def downgrade() -> None:
    drop_index(SIGN_INS, "audit_events")
    for table in ("email_links", "email_changes", "one_time_codes"):
        op.drop_table(table)

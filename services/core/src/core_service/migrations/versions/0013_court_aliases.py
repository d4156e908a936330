"""What a spelling means at one court alone, and requests for that.

A table of its own: code that runs already finds a spelling by `ON CONFLICT (kind, spelling)`, which
needs the unique index as it is.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from core_service.migrations.indexes import build_index, drop_index

revision: Final = "0013"
down_revision: Final = "0012"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

UTC_TIME: Final = sa.DateTime(timezone=True)
REQUESTS: Final = "change_requests"
PENDING_ONCE: Final = "uq_change_requests_pending_entity"
SUBJECT: Final = ("entity", "kind", "coalesce(entity_id::text, md5(terms::text))")
AT_COURT: Final = "coalesce(deciding_court_id::text, '')"
DECIDED_AT: Final = "ck_change_requests_decided_at_court"
PENDING: Final = "state = 'pending'"


def upgrade() -> None:
    # First, since building an index commits what came before it: a migration that is run again
    # would meet the table.
    build_index(
        "ix_aliases_pending_first_seen",
        "aliases",
        ["first_seen_batch_id"],
        postgresql_where=sa.text(PENDING),
    )
    op.create_table(
        "court_aliases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.Column("updated_by", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("alias_id", sa.Uuid(), nullable=False),
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("target_id", sa.Uuid()),
        sa.CheckConstraint("state <> 'pending'", name="ck_court_aliases_state"),
        sa.CheckConstraint(
            "(state = 'accepted') = (target_id IS NOT NULL)", name="ck_court_aliases_target"
        ),
        sa.ForeignKeyConstraint(["alias_id"], ["aliases.id"], name="fk_court_aliases_alias_id"),
        sa.ForeignKeyConstraint(["court_id"], ["courts.id"], name="fk_court_aliases_court_id"),
        sa.PrimaryKeyConstraint("id", name="pk_court_aliases"),
    )
    op.create_index(
        "uq_court_aliases_alias_id_court_id", "court_aliases", ["alias_id", "court_id"], unique=True
    )
    op.create_index("ix_court_aliases_target_id", "court_aliases", ["target_id"])
    _replace_rules(AT_COURT, "case_id IS NULL OR deciding_court_id IS NOT NULL")


def downgrade() -> None:
    drop_index("ix_aliases_pending_first_seen", "aliases")
    # What the older version cannot tell apart from requests about all courts.
    op.execute(
        f"DELETE FROM {REQUESTS} WHERE case_id IS NULL AND deciding_court_id IS NOT NULL"  # noqa: S608 - a constant
    )
    _replace_rules(None, "(case_id IS NULL) = (deciding_court_id IS NULL)")
    op.drop_table("court_aliases")


def _replace_rules(at_court: str | None, decided_at: str) -> None:
    """Few requests are pending: both rules are replaced in a moment, in one transaction."""
    columns = [*SUBJECT, *([at_court] if at_court else [])]
    op.drop_index(PENDING_ONCE, REQUESTS)
    op.create_index(
        PENDING_ONCE,
        REQUESTS,
        [sa.text(column) for column in columns],
        unique=True,
        postgresql_where=sa.text(PENDING),
    )
    op.drop_constraint(op.f(DECIDED_AT), REQUESTS)
    op.create_check_constraint(op.f(DECIDED_AT), REQUESTS, decided_at)

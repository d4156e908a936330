"""Core's own audit: a log in a sealed chain that the database itself keeps append-only."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from common.audit_chain.tables import PROTECTION_V1, UNPROTECTION_V1

revision: Final = "0006"
down_revision: Final = "0005"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

UTC_TIME: Final = sa.DateTime(timezone=True)
EVENTS: Final = "audit_events"
CHECKPOINTS: Final = "audit_checkpoints"


def upgrade() -> None:
    op.create_table(
        EVENTS,
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("occurred_at", UTC_TIME, nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Uuid()),
        sa.Column("court_id", sa.Uuid()),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("client_id", sa.String()),
        sa.Column("ip", sa.String()),
        sa.Column("request_id", sa.String()),
        sa.Column("version_before", sa.Integer()),
        sa.Column("version_after", sa.Integer()),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("previous_hash", sa.LargeBinary()),
        sa.Column("hash", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_events"),
        sa.UniqueConstraint("position", name="uq_audit_events_position"),
    )
    op.create_index("ix_audit_events_occurred_at", EVENTS, ["occurred_at"])
    op.create_index("ix_audit_events_entity", EVENTS, ["entity_id", "sequence"])
    op.create_index("ix_audit_events_actor_id", EVENTS, ["actor_id", "sequence"])
    op.create_index("ix_audit_events_court_id", EVENTS, ["court_id", "sequence"])
    op.create_index("ix_audit_events_request_id", EVENTS, ["request_id"])
    op.create_index(
        "ix_audit_events_unsealed",
        EVENTS,
        ["sequence"],
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        CHECKPOINTS,
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UTC_TIME, nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", "kind", name="pk_audit_checkpoints"),
    )
    op.execute(PROTECTION_V1.format(events=EVENTS, checkpoints=CHECKPOINTS))


def downgrade() -> None:
    op.execute(UNPROTECTION_V1.format(events=EVENTS))
    op.drop_table(CHECKPOINTS)
    op.drop_table(EVENTS)

"""The audit log becomes a hash chain with signed checkpoints."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from common.audit_chain.tables import PROTECTION_V1, UNPROTECTION_V1

revision: Final = "0003"
down_revision: Final = "0002"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

REFUSE_EVERYTHING: Final = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
"""


def upgrade() -> None:
    """Make room for places and checkpoints; from now on a row may be sealed once."""
    op.add_column("audit_events", sa.Column("position", sa.BigInteger(), nullable=True))
    op.add_column("audit_events", sa.Column("previous_hash", sa.LargeBinary(), nullable=True))
    op.add_column("audit_events", sa.Column("hash", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint("uq_audit_events_position", "audit_events", ["position"])
    op.create_index(
        "ix_audit_events_unsealed",
        "audit_events",
        ["sequence"],
        postgresql_where=sa.text("position IS NULL"),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", "kind", name="pk_audit_checkpoints"),
    )
    op.execute("DROP TRIGGER audit_events_append_only ON audit_events")
    op.execute("DROP FUNCTION refuse_audit_change()")
    op.execute(PROTECTION_V1.format(events="audit_events", checkpoints="audit_checkpoints"))


def downgrade() -> None:
    """Forget the chain; the events stay."""
    op.execute(UNPROTECTION_V1.format(events="audit_events"))
    op.drop_table("audit_checkpoints")
    op.drop_index("ix_audit_events_unsealed", "audit_events")
    for column in ("position", "previous_hash", "hash"):
        op.drop_column("audit_events", column)
    op.execute(REFUSE_EVERYTHING)

"""Accounts in directories, what their groups may do, and sign-ins under way.

A service of the revision before writes challenges without the new column: their default says that a
password was given first.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TIME: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_used_at", TIME, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="uq_identities_issuer_subject"),
        sa.UniqueConstraint("user_id", "issuer", name="uq_identities_user_id_issuer"),
    )
    op.create_table(
        "group_mappings",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("group_name", sa.String(255), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("court_ids", sa.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.UniqueConstraint(
            "issuer", "group_name", "role", name="uq_group_mappings_issuer_group_name_role"
        ),
        sa.CheckConstraint("court_ids IS NULL OR cardinality(court_ids) > 0", name="court_ids"),
    )
    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_challenge", sa.String(43), nullable=False),
        sa.Column(
            "identity_id",
            sa.Uuid(),
            sa.ForeignKey("identities.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("factor_shown", sa.Boolean(), nullable=False),
        sa.Column("authenticated_at", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
    )
    op.create_index("ix_sign_in_codes_identity_id", "sign_in_codes", ["identity_id"])
    op.create_index("ix_sign_in_codes_expires_at", "sign_in_codes", ["expires_at"])
    op.create_table(
        "used_states",
        sa.Column("state_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("expires_at", TIME, nullable=False),
    )
    op.create_index("ix_used_states_expires_at", "used_states", ["expires_at"])
    op.add_column(
        "challenges", sa.Column("method", sa.String(32), nullable=False, server_default="pwd")
    )
    op.add_column(
        "grants",
        sa.Column("mapping_id", sa.Uuid(), sa.ForeignKey("group_mappings.id"), nullable=True),
    )
    op.create_index("ix_grants_mapping_id", "grants", ["mapping_id"])


def downgrade() -> None:
    # What only a directory has shown or given ends with it: an older service cannot end it.
    op.execute("DELETE FROM challenges WHERE method <> 'pwd'")
    op.execute("DELETE FROM grants WHERE mapping_id IS NOT NULL")
    op.drop_column("grants", "mapping_id")
    op.drop_column("challenges", "method")
    for table in ("used_states", "sign_in_codes", "group_mappings", "identities"):
        op.drop_table(table)

"""When the tokens of a service client became worthless."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "client_cutoffs",
        sa.Column("client_id", sa.String(100), nullable=False),
        sa.Column("tokens_valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_client_cutoffs"),
    )
    op.create_index("ix_client_cutoffs_tokens_valid_from", "client_cutoffs", ["tokens_valid_from"])


def downgrade() -> None:
    """Drop it; tokens that it refused run out within minutes."""
    op.drop_table("client_cutoffs")

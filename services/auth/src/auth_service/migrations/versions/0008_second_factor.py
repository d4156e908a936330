"""Second factors, recovery codes and challenges; how and when the user of a session signed in.

A service of the revision before writes sessions without the new columns: their defaults say that a
password was given now.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TIME: Final = sa.DateTime(timezone=True)


def _of_user(*, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(
        "user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=nullable
    )


def upgrade() -> None:
    op.create_table(
        "factors",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_user(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True, unique=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=True),
        sa.Column("transports", sa.ARRAY(sa.String()), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("confirmed_at", TIME, nullable=True),
        sa.Column("last_used_at", TIME, nullable=True),
        sa.CheckConstraint("(kind = 'totp') = (sealed_secret IS NOT NULL)", name="sealed_secret"),
        sa.CheckConstraint(
            "(kind = 'passkey') = (credential_id IS NOT NULL AND public_key IS NOT NULL)",
            name="credential",
        ),
    )
    op.create_index("ix_factors_user_id", "factors", ["user_id"])
    op.create_table(
        "recovery_codes", sa.Column("code_hash", sa.LargeBinary(), primary_key=True), _of_user()
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])
    op.create_table(
        "challenges",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        _of_user(nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("password_changed_at", TIME, nullable=True),
        sa.Column("delivery", sa.String(32), nullable=False),
        sa.Column("device_name", sa.String(100), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
    )
    op.create_index("ix_challenges_user_id", "challenges", ["user_id"])
    op.create_index("ix_challenges_expires_at", "challenges", ["expires_at"])
    op.add_column("users", sa.Column("factor_due_at", TIME, nullable=True))
    methods = sa.ARRAY(sa.String())
    op.add_column(
        "sessions", sa.Column("amr", methods, nullable=False, server_default=sa.text("'{pwd}'"))
    )
    op.add_column(
        "sessions",
        sa.Column("authenticated_at", TIME, nullable=False, server_default=sa.func.now()),
    )
    op.execute("UPDATE sessions SET authenticated_at = created_at")


def downgrade() -> None:
    op.drop_column("sessions", "authenticated_at")
    op.drop_column("sessions", "amr")
    op.drop_column("users", "factor_due_at")
    for table in ("challenges", "recovery_codes", "factors"):
        op.drop_table(table)

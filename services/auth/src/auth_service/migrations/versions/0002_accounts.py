"""Set-password tokens, failed sign-ins, idempotency keys, overlapping client secrets."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: Final = "0002"
down_revision: Final = "0001"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    """Create the tables; what is added to others may be null, for the code already running."""
    _password_tokens()
    _login_failures()
    _idempotency_keys()
    op.add_column("service_clients", sa.Column("previous_secret_hash", sa.LargeBinary()))
    op.add_column("service_clients", _time("previous_secret_until", nullable=True))
    op.create_index("ix_audit_events_ip", "audit_events", ["ip", "sequence"])
    op.create_index("ix_audit_events_request_id", "audit_events", ["request_id"])


def downgrade() -> None:
    """Drop what was created."""
    op.drop_index("ix_audit_events_request_id", "audit_events")
    op.drop_index("ix_audit_events_ip", "audit_events")
    op.drop_column("service_clients", "previous_secret_until")
    op.drop_column("service_clients", "previous_secret_hash")
    for table in ("idempotency_keys", "login_failures", "password_tokens"):
        op.drop_table(table)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _password_tokens() -> None:
    op.create_table(
        "password_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("expires_at"),
        sa.PrimaryKeyConstraint("id", name="pk_password_tokens"),
        sa.UniqueConstraint("user_id", name="uq_password_tokens_user_id"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_password_tokens_user_id", ondelete="CASCADE"
        ),
    )


def _login_failures() -> None:
    op.create_table(
        "login_failures",
        sa.Column("email_hash", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _time("last_failed_at"),
        sa.PrimaryKeyConstraint("email_hash", name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_last_failed_at", "login_failures", ["last_failed_at"])


def _idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String(128), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(3), nullable=False),
        sa.Column("headers", JSONB(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])

"""Staleness as a counter, several invitations at a time, the state of mail, names in NFC.

Tokens issued before this revision have no version and count as version 0. They are refused for
users whose grants were ever changed, and their clients refresh.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

MAIL: Final[Mapping[str, sa.types.TypeEngine[Any]]] = {
    "mail_state": sa.String(32),
    "mail_reason": sa.String(200),
    "mail_at": sa.DateTime(timezone=True),
}


def _counter() -> "sa.Column[int]":
    return sa.Column("token_version", sa.Integer(), nullable=False, server_default="0")


def upgrade() -> None:
    op.add_column("users", _counter())
    op.execute("UPDATE users SET token_version = 1 WHERE tokens_valid_from IS NOT NULL")
    op.add_column("client_cutoffs", _counter())
    op.execute("UPDATE client_cutoffs SET token_version = 1")
    for name, kind in MAIL.items():
        op.add_column("users", sa.Column(name, kind, nullable=True))
    op.drop_constraint("uq_password_tokens_user_id", "password_tokens")
    op.create_index("ix_password_tokens_user_id", "password_tokens", ["user_id"])
    op.execute("UPDATE users SET name = normalize(name, NFC) WHERE name IS NOT NFC NORMALIZED")


def downgrade() -> None:
    op.execute(
        "DELETE FROM password_tokens older USING password_tokens newer"
        " WHERE older.user_id = newer.user_id AND older.id < newer.id"
    )
    op.drop_index("ix_password_tokens_user_id", "password_tokens")
    op.create_unique_constraint("uq_password_tokens_user_id", "password_tokens", ["user_id"])
    for name in MAIL:
        op.drop_column("users", name)
    op.drop_column("client_cutoffs", "token_version")
    op.drop_column("users", "token_version")

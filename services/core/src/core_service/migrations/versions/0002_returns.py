"""Imports of daily returns: batches, the pieces of their files, rows and remarks on rows."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0002"
down_revision: Final = "0001"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

UTC_TIME: Final = sa.DateTime(timezone=True)
COUNTED: Final = ("new", "unchanged", "duplicate", "correction", "held", "rejected", "empty")


def upgrade() -> None:
    _batches()
    _files()
    _rows()
    _issues()


def downgrade() -> None:
    for table in ("import_row_issues", "import_rows", "import_files", "import_batches"):
        op.drop_table(table)


def _batches() -> None:
    op.create_table(
        "import_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.Column("updated_by", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("mode", sa.String(24), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("court_id", sa.Uuid()),
        sa.Column("grants", postgresql.JSONB(), nullable=False),
        sa.Column("court_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("validated_rows", sa.Integer(), nullable=False),
        sa.Column("applied_rows", sa.Integer(), nullable=False),
        sa.Column("total_rows", sa.Integer(), nullable=False),
        *(sa.Column(f"{result}_rows", sa.Integer(), nullable=False) for result in COUNTED),
        sa.Column("error_code", sa.String()),
        sa.Column("error", sa.String()),
        sa.ForeignKeyConstraint(["court_id"], ["courts.id"], name="fk_import_batches_court_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_batches"),
    )
    op.create_index(
        "uq_import_batches_sha256",
        "import_batches",
        ["sha256"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('failed', 'reverted')"),
    )
    op.create_index("ix_import_batches_created_by", "import_batches", ["created_by", "id"])


def _files() -> None:
    op.create_table(
        "import_files",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("chunk_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(content) <= 1048576", name="ck_import_files_content"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name="fk_import_files_batch_id"
        ),
        sa.PrimaryKeyConstraint("batch_id", "chunk_no", name="pk_import_files"),
    )


def _rows() -> None:
    op.create_table(
        "import_rows",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("raw", postgresql.JSONB(), nullable=False),
        sa.Column("result", sa.String(24), nullable=False),
        sa.Column("identity_hash", sa.LargeBinary()),
        sa.Column("content_hash", sa.LargeBinary()),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("activity_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name="fk_import_rows_batch_id"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_import_rows_case_id"),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["case_activities.id"], name="fk_import_rows_activity_id"
        ),
        sa.PrimaryKeyConstraint("batch_id", "row_no", name="pk_import_rows"),
    )
    op.create_index("ix_import_rows_result", "import_rows", ["batch_id", "result", "row_no"])
    op.create_index(
        "ix_import_rows_identity_hash",
        "import_rows",
        ["batch_id", "identity_hash", "row_no"],
        postgresql_where=sa.text("identity_hash IS NOT NULL"),
    )
    op.create_index(
        "ix_import_rows_activity_id",
        "import_rows",
        ["activity_id"],
        postgresql_where=sa.text("activity_id IS NOT NULL"),
    )


def _issues() -> None:
    op.create_table(
        "import_row_issues",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("severity", sa.String(24), nullable=False),
        sa.Column("column", sa.String()),
        sa.Column("value", sa.String()),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("suggestion", sa.String()),
        sa.Column("alias_id", sa.Uuid()),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name="fk_import_row_issues_batch_id"
        ),
        sa.ForeignKeyConstraint(["alias_id"], ["aliases.id"], name="fk_import_row_issues_alias_id"),
        sa.PrimaryKeyConstraint("batch_id", "row_no", "seq", name="pk_import_row_issues"),
    )
    op.create_index(
        "ix_import_row_issues_code", "import_row_issues", ["batch_id", "code", "row_no", "seq"]
    )
    op.create_index(
        "ix_import_row_issues_alias_id",
        "import_row_issues",
        ["alias_id", "batch_id", "row_no"],
        postgresql_where=sa.text("alias_id IS NOT NULL"),
    )

"""Marks of changes name the courts that were written to, so that answers are counted again for
those alone.

What was folded (`caseload_folded`, `caseload_deltas.xid`) is not read any longer. Workers of the
version before still write it until they are replaced: both are to be dropped a release later.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0030"
down_revision: Final = "0028"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# Answers of before have lost their marks: processes that are not replaced yet count all again.
NOT_BEFORE: Final = """
INSERT INTO figure_changes (xid, court_id, is_dated, changed_at)
VALUES (pg_current_xact_id()::text::bigint, '00000000-0000-0000-0000-000000000000', false,
  clock_timestamp())
"""
# The courts of the changed rows. Of a row that belongs to a case or to a file's row, these never
# change; where a row names its court itself, both the former and the present one are marked.
COURTS: Final = {
    "activity_judges": "SELECT c.court_id FROM cases c WHERE c.id IN (SELECT a.case_id"
    " FROM case_activities a WHERE a.id IN (SELECT activity_id FROM changed))",
    "case_activities": "SELECT c.court_id FROM cases c WHERE c.id IN (SELECT case_id FROM changed)",
    "case_judge_assignments": "SELECT c.court_id FROM cases c"
    " WHERE c.id IN (SELECT case_id FROM changed)",
    "case_status_events": "SELECT court_id FROM changed",
    "cases": "SELECT court_id FROM changed",
    "hearings": "SELECT court_id FROM changed",
    "import_row_issues": "SELECT r.court_id FROM import_rows r"
    " WHERE (r.batch_id, r.row_no) IN (SELECT batch_id, row_no FROM changed)",
    "import_rows": "SELECT court_id FROM changed",
}
MAY_MOVE: Final = ("case_status_events", "cases", "hearings", "import_rows")
MARK: Final = """
CREATE FUNCTION mark_courts_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figure_changes (xid, court_id, is_dated, changed_at)
  SELECT DISTINCT pg_current_xact_id()::text::bigint, court_id, true, clock_timestamp()
  FROM ({courts}) courts WHERE court_id IS NOT NULL
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
MARK_ALL: Final = """
CREATE OR REPLACE FUNCTION mark_figure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figure_changes (xid, court_id, is_dated, changed_at)
  VALUES (pg_current_xact_id()::text::bigint, '00000000-0000-0000-0000-000000000000',
    false, clock_timestamp())
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
# Seals follow the present: answers about what was known earlier change with them.
MARK_SEAL: Final = """
CREATE FUNCTION mark_sealed_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figure_changes (xid, court_id, is_dated, changed_at)
  VALUES (pg_current_xact_id()::text::bigint, NEW.court_id, false, clock_timestamp())
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
MARK_BEFORE: Final = """
CREATE OR REPLACE FUNCTION mark_figure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figure_changes (xid, is_recorded, changed_at)
  VALUES (pg_current_xact_id()::text::bigint, TG_NARGS > 0, clock_timestamp())
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
BATCHES: Final = """
CREATE TRIGGER mark_figure_change AFTER UPDATE OF created_at OR DELETE ON import_batches
FOR EACH STATEMENT EXECUTE FUNCTION mark_figure_change()
"""


def upgrade() -> None:
    op.execute("DELETE FROM figure_changes")
    op.add_column("figure_changes", sa.Column("court_id", sa.Uuid(), nullable=False))
    op.add_column("figure_changes", sa.Column("is_dated", sa.Boolean(), nullable=False))
    _replace_key("xid", "court_id", "is_dated")
    # Processes that are not replaced yet count all again, since they do not know of courts.
    op.alter_column("figure_changes", "is_recorded", server_default=sa.false())
    op.execute("DROP TRIGGER mark_figure_change_of_all ON cases")
    for table in (*COURTS, "import_batches"):
        op.execute(f"DROP TRIGGER mark_figure_change ON {table}")
    op.execute(MARK_ALL)
    op.execute(BATCHES)
    for table, courts in COURTS.items():
        op.execute(MARK.format(table=table, courts=courts))
        for trigger in _triggers(table):
            op.execute(trigger)
    op.execute(MARK_SEAL)
    op.execute(
        "CREATE TRIGGER mark_sealed_case AFTER UPDATE OF sealed ON cases FOR EACH ROW"
        " WHEN (OLD.sealed IS DISTINCT FROM NEW.sealed) EXECUTE FUNCTION mark_sealed_case()"
    )
    op.execute(NOT_BEFORE)


def downgrade() -> None:
    op.execute("DROP FUNCTION mark_sealed_case() CASCADE")
    for table in COURTS:
        op.execute(f"DROP FUNCTION mark_courts_of_{table}() CASCADE")
    op.execute("DELETE FROM figure_changes")
    op.execute("DROP TRIGGER mark_figure_change ON import_batches")
    _replace_key("xid", "is_recorded")
    op.alter_column("figure_changes", "is_recorded", server_default=None)
    op.drop_column("figure_changes", "court_id")
    op.drop_column("figure_changes", "is_dated")
    op.execute(MARK_BEFORE)
    for table in (*COURTS, "import_batches"):
        op.execute(
            f"CREATE TRIGGER mark_figure_change AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION mark_figure_change('recorded')"
        )
    op.execute(
        "CREATE TRIGGER mark_figure_change_of_all AFTER UPDATE OF deleted_at, sealed ON cases"
        " FOR EACH STATEMENT EXECUTE FUNCTION mark_figure_change()"
    )


def _triggers(table: str) -> Iterator[str]:
    rows = [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")]
    if table in MAY_MOVE:
        rows.append(("UPDATE", "OLD"))
    for operation, which in rows:
        yield (
            f"CREATE TRIGGER mark_courts_of_{operation.lower()}_{which.lower()}"
            f" AFTER {operation} ON {table} REFERENCING {which} TABLE AS changed"
            f" FOR EACH STATEMENT EXECUTE FUNCTION mark_courts_of_{table}()"
        )


def _replace_key(*columns: str) -> None:
    op.drop_constraint("pk_figure_changes", "figure_changes")
    op.create_primary_key("pk_figure_changes", "figure_changes", list(columns))

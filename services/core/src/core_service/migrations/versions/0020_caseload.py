"""What figures read: dated dimensions, totals of the ledger's events, and marks of changes.

Triggers write all of it: whichever way a row is written, by the ORM, in bulk by COPY or by hand,
the totals equal the events, and stored answers that the write changes are dropped.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from common.migration_indexes import build_index, drop_index
from core_service.migrations.totals import FILL

revision: Final = "0020"
down_revision: Final = "0018"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# The column of each table that a group is read from, with the time by which a change is recorded.
DATED: Final = {"cases": "lead_judge_id", "courts": "court_type", "case_types": "category_id"}
# Tables that figures read. A write to one of them drops the stored answers.
MARKED: Final = (
    *("activity_judges", "activity_types", "adjournment_reasons", "calendar_periods"),
    *("case_activities", "case_categories", "case_judge_assignments", "case_status_events"),
    *("case_types", "cases", "courts", "hearings", "judges", "outcomes", "time_standards"),
)

MARK: Final = """
CREATE FUNCTION mark_figure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figure_changes (xid, changed_at)
  VALUES (pg_current_xact_id()::text::bigint, clock_timestamp())
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""

# What a row begins with was never otherwise. A later change is never recorded before an earlier
# one, whatever the clocks of two processes say.
DATE: Final = """
CREATE FUNCTION note_{table}_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  noted_at timestamptz := TIMESTAMPTZ '0001-01-01 00:00:00Z';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    UPDATE dimension_history SET retracted_at = greatest(recorded_at, NEW.updated_at)
    WHERE row_id = NEW.id AND retracted_at IS NULL
    RETURNING retracted_at INTO noted_at;
    noted_at := coalesce(noted_at, NEW.updated_at);
  END IF;
  IF NEW.{column} IS NOT NULL THEN
    INSERT INTO dimension_history (row_id, value, recorded_at)
    VALUES (NEW.id, NEW.{column}::text, noted_at);
  END IF;
  RETURN NULL;
END $$
"""

DATE_ALL: Final = """
INSERT INTO dimension_history (row_id, value, recorded_at)
SELECT id, {column}::text, TIMESTAMPTZ '0001-01-01 00:00:00Z'
FROM {table} WHERE {column} IS NOT NULL
"""

# Live events of cases that are not deleted, summed up before they are written.
COUNT: Final = """
CREATE FUNCTION count_{done}_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO caseload_deltas (effective_on, court_id, case_type_id, kind, count)
  SELECT e.effective_on, e.court_id, e.case_type_id, e.kind, sum(e.n)
  FROM ({rows}) e
  WHERE NOT EXISTS (SELECT FROM cases c WHERE c.id = e.case_id AND c.deleted_at IS NOT NULL)
  GROUP BY e.effective_on, e.court_id, e.case_type_id, e.kind
  HAVING sum(e.n) <> 0;
  RETURN NULL;
END $$
"""
ADDED: Final = "SELECT *, 1 AS n FROM added WHERE retracted_at IS NULL"
REMOVED: Final = "SELECT *, -1 AS n FROM removed WHERE retracted_at IS NULL"
COUNTED: Final = {
    "inserted": ("INSERT", "REFERENCING NEW TABLE AS added", ADDED),
    "updated": (
        "UPDATE",
        "REFERENCING OLD TABLE AS removed NEW TABLE AS added",
        f"{ADDED} UNION ALL {REMOVED}",
    ),
    "deleted": ("DELETE", "REFERENCING OLD TABLE AS removed", REMOVED),
}

COUNT_CASE: Final = """
CREATE FUNCTION count_deleted_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO caseload_deltas (effective_on, court_id, case_type_id, kind, count)
  SELECT effective_on, court_id, case_type_id, kind,
    CASE WHEN NEW.deleted_at IS NULL THEN count(*) ELSE -count(*) END
  FROM case_status_events WHERE case_id = NEW.id AND retracted_at IS NULL
  GROUP BY effective_on, court_id, case_type_id, kind;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    _create_tables()
    op.add_column("case_status_events", sa.Column("case_type_id", sa.Uuid()))
    op.execute(
        "UPDATE case_status_events e SET case_type_id = c.case_type_id FROM cases c"
        " WHERE c.id = e.case_id"
    )
    op.alter_column("case_status_events", "case_type_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_case_status_events_case_type_id"),
        "case_status_events",
        "case_types",
        ["case_type_id"],
        ["id"],
    )
    for table, column in DATED.items():
        op.execute(DATE_ALL.format(table=table, column=column))
    op.execute(FILL)
    for statement in _functions():
        op.execute(statement)
    for statement in _triggers():
        op.execute(statement)
    build_index(
        "ix_case_status_events_effective_on",
        "case_status_events",
        ["effective_on"],
    )
    # Retracted events too: lists are of what was known when a figure was read.
    build_index(
        "ix_case_status_events_court_id",
        "case_status_events",
        ["court_id", "effective_on", "kind", "case_id"],
    )
    drop_index("ix_case_status_events_live", "case_status_events")
    build_index(
        "ix_case_status_events_retracted_at",
        "case_status_events",
        ["retracted_at"],
        postgresql_where=sa.text("retracted_at IS NOT NULL"),
    )
    build_index(
        "ix_cases_deleted_at",
        "cases",
        ["deleted_at"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )


def downgrade() -> None:
    drop_index("ix_cases_deleted_at", "cases")
    drop_index("ix_case_status_events_retracted_at", "case_status_events")
    drop_index("ix_case_status_events_effective_on", "case_status_events")
    build_index(
        "ix_case_status_events_live",
        "case_status_events",
        ["court_id", "effective_on", "kind", "case_id"],
        postgresql_where=sa.text("retracted_at IS NULL"),
    )
    drop_index("ix_case_status_events_court_id", "case_status_events")
    for name in _function_names():
        op.execute(f"DROP FUNCTION {name} CASCADE")
    op.drop_column("case_status_events", "case_type_id")
    for table in ("figure_changes", "caseload_deltas", "caseload_totals", "dimension_history"):
        op.drop_table(table)


def _create_tables() -> None:
    op.create_table(
        "dimension_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_dimension_history"),
        sa.CheckConstraint("retracted_at >= recorded_at", name="retracted_at"),
    )
    op.create_index("ix_dimension_history_row_id", "dimension_history", ["row_id", "recorded_at"])
    op.create_table(
        "caseload_totals",
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        *_cell(),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("level", "starts_on", "court_id", "case_type_id", "kind"), name="pk_caseload_totals"
        ),
    )
    op.create_table(
        "caseload_deltas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        *_cell(),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_caseload_deltas"),
    )
    op.create_table(
        "figure_changes",
        sa.Column("xid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("xid", name="pk_figure_changes"),
    )


def _cell() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("court_id", sa.Uuid(), nullable=False),
        sa.Column("case_type_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
    )


def _functions() -> Iterator[str]:
    yield MARK
    yield COUNT_CASE
    for table, column in DATED.items():
        yield DATE.format(table=table, column=column)
    for done, (_, _, rows) in COUNTED.items():
        yield COUNT.format(done=done, rows=rows)


def _function_names() -> Iterator[str]:
    yield "mark_figure_change()"
    yield "count_deleted_case()"
    yield from (f"note_{table}_{column}()" for table, column in DATED.items())
    yield from (f"count_{done}_events()" for done in COUNTED)


def _triggers() -> Iterator[str]:
    for table in MARKED:
        yield (
            f"CREATE TRIGGER mark_figure_change AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION mark_figure_change()"
        )
    for done, (operation, tables, _) in COUNTED.items():
        yield (
            f"CREATE TRIGGER count_{done}_events AFTER {operation} ON case_status_events"
            f" {tables} FOR EACH STATEMENT EXECUTE FUNCTION count_{done}_events()"
        )
    yield (
        "CREATE TRIGGER count_deleted_case AFTER UPDATE OF deleted_at ON cases FOR EACH ROW"
        " WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL))"
        " EXECUTE FUNCTION count_deleted_case()"
    )
    for table, column in DATED.items():
        function = f"EXECUTE FUNCTION note_{table}_{column}()"
        yield (
            f"CREATE TRIGGER note_{column} AFTER INSERT ON {table} FOR EACH ROW"
            f" WHEN (NEW.{column} IS NOT NULL) {function}"
        )
        yield (
            f"CREATE TRIGGER note_changed_{column} AFTER UPDATE OF {column} ON {table}"
            f" FOR EACH ROW WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) {function}"
        )

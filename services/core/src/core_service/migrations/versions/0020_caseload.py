"""What figures read: rows as they were, totals of the ledger's events, and marks of changes.

Triggers write all of it: whichever way a row is written, by the ORM, in bulk by COPY or by hand,
the totals equal the events, and stored answers that the write changes are dropped.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from common.migration_indexes import build_index, drop_index
from core_service.migrations.totals import FILL

revision: Final = "0020"
down_revision: Final = "0018"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# Columns whose values before a change are stored, with the time of the change; without columns, the
# whole row. What a row begins with was never otherwise.
STORED: Final = {
    **dict.fromkeys(
        (
            *("activity_types", "adjournment_reasons", "case_categories", "case_types", "courts"),
            *("judges", "outcomes", "time_standards"),
        ),
        (),
    ),
    "hearings": ("is_manual", "is_vacated"),
}
# Of cases also when a deletion was taken back, of activities when they count again.
RESTORED: Final = {
    "cases": (("lead_judge_id", "custody_count"), "deleted_at"),
    "case_activities": ((), "voided_at"),
}
# Tables that figures read. A write to one of them drops the stored answers.
MARKED: Final = (
    *("activity_types", "adjournment_reasons", "calendar_periods", "case_categories"),
    *("case_types", "courts", "judges", "outcomes", "time_standards"),
)
# Of these, the deltas say all that changes in figures counted from the totals.
RECORDED: Final = (
    *("activity_judges", "case_activities", "case_judge_assignments", "case_status_events"),
    *("cases", "hearings"),
)

CURRENT_XID: Final = sa.text("pg_current_xact_id()::text::bigint")
MARK: Final = """
CREATE FUNCTION mark_figure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figure_changes (xid, is_recorded, changed_at)
  VALUES (pg_current_xact_id()::text::bigint, TG_NARGS > 0, clock_timestamp())
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""

# A later change is never recorded before an earlier one, whatever the clocks of two processes say.
STORE: Final = """
CREATE FUNCTION store_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  since timestamptz;
  was jsonb := to_jsonb(OLD);
BEGIN
  IF TG_NARGS > 0 THEN
    SELECT jsonb_object_agg(name, was -> name) INTO was FROM unnest(TG_ARGV) name;
  END IF;
  SELECT coalesce(max(retracted_at), TIMESTAMPTZ '0001-01-01 00:00:00Z') INTO since
  FROM superseded_rows WHERE table_name = TG_TABLE_NAME AND row_id = OLD.id;
  INSERT INTO superseded_rows (table_name, row_id, was, recorded_at, retracted_at)
  VALUES (TG_TABLE_NAME, OLD.id, was, since, greatest(since, NEW.updated_at));
  RETURN NULL;
END $$
"""
# A merge of judges, and what takes it back, moves seats on benches: the bench as it was.
STORE_BENCHES: Final = """
CREATE FUNCTION store_benches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO superseded_rows (table_name, row_id, was, recorded_at, retracted_at)
  SELECT 'activity_judges', activity_id, bench, since, greatest(since, NEW.updated_at)
  FROM (
    SELECT activity_id, jsonb_object_agg(position, judge_id) AS bench FROM activity_judges
    WHERE activity_id IN (
      SELECT activity_id FROM activity_judges WHERE judge_id = NEW.judge_id
      UNION SELECT row_id FROM judge_merge_items WHERE merge_id = NEW.id AND kind = 'seat'
    ) GROUP BY activity_id
  ) benches CROSS JOIN LATERAL (
    SELECT coalesce(max(retracted_at), TIMESTAMPTZ '0001-01-01 00:00:00Z') AS since
    FROM superseded_rows WHERE table_name = 'activity_judges' AND row_id = activity_id
  ) earlier;
  RETURN NULL;
END $$
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


TABLES: Final = (
    *("superseded_rows", "caseload_totals", "caseload_deltas", "caseload_folded"),
    "figure_changes",
)


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
    for table in (
        "figure_changes",
        "caseload_folded",
        "caseload_deltas",
        "caseload_totals",
        "superseded_rows",
    ):
        op.drop_table(table)


def _create_tables() -> None:
    op.create_table(
        "superseded_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("table_name", sa.String(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("was", JSONB(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_superseded_rows"),
        sa.CheckConstraint("retracted_at >= recorded_at", name="retracted_at"),
    )
    op.create_index("ix_superseded_rows_row_id", "superseded_rows", ["row_id", "retracted_at"])
    op.create_index(
        "ix_superseded_rows_retracted_at", "superseded_rows", ["table_name", "retracted_at"]
    )
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
        *_delta(),
        sa.PrimaryKeyConstraint("id", name="pk_caseload_deltas"),
    )
    op.create_table(
        "caseload_folded",
        sa.Column("id", sa.BigInteger(), nullable=False),
        *_delta(),
        sa.Column(
            "folded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_caseload_folded"),
    )
    op.create_index("ix_caseload_folded_folded_at", "caseload_folded", ["folded_at"])
    for table in ("caseload_deltas", "caseload_folded"):
        op.create_index(f"ix_{table}_xid", table, ["xid"])
    op.create_table(
        "figure_changes",
        sa.Column("xid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_recorded", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("xid", "is_recorded", name="pk_figure_changes"),
    )


def _delta() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("xid", sa.BigInteger(), server_default=CURRENT_XID, nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        *_cell(),
        sa.Column("count", sa.BigInteger(), nullable=False),
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
    yield STORE
    yield STORE_BENCHES
    for done, (_, _, rows) in COUNTED.items():
        yield COUNT.format(done=done, rows=rows)


def _function_names() -> Iterator[str]:
    yield "mark_figure_change()"
    yield "count_deleted_case()"
    yield "store_superseded()"
    yield "store_benches()"
    yield from (f"count_{done}_events()" for done in COUNTED)


def _triggers() -> Iterator[str]:
    for table in (*MARKED, *RECORDED):
        argument = "'recorded'" if table in RECORDED else ""
        yield (
            f"CREATE TRIGGER mark_figure_change AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION mark_figure_change({argument})"
        )
    yield (
        "CREATE TRIGGER mark_figure_change_of_all AFTER UPDATE OF deleted_at, sealed ON cases"
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
    for table, columns in STORED.items():
        yield _storing(
            table, columns, " OR ".join(_changed(columns)) or "OLD.* IS DISTINCT FROM NEW.*"
        )
    for table, (columns, ended_at) in RESTORED.items():
        again = f"(OLD.{ended_at} IS NOT NULL AND OLD.{ended_at} IS DISTINCT FROM NEW.{ended_at})"
        yield _storing(table, (*columns, ended_at), " OR ".join([*_changed(columns), again]))
    yield (
        "CREATE TRIGGER store_benches AFTER INSERT OR UPDATE OF undone_at ON judge_merges"
        " FOR EACH ROW EXECUTE FUNCTION store_benches()"
    )


def _changed(columns: Sequence[str]) -> list[str]:
    return [f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns]


def _storing(table: str, columns: Sequence[str], when: str) -> str:
    of_columns = f" OF {', '.join(columns)}" if columns else ""
    arguments = ", ".join(f"'{column}'" for column in columns)
    return (
        f"CREATE TRIGGER store_superseded AFTER UPDATE{of_columns} ON {table} FOR EACH ROW"
        f" WHEN ({when}) EXECUTE FUNCTION store_superseded({arguments})"
    )

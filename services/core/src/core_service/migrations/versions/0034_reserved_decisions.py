"""Each decision that was reserved and what ended it, so that the delivery of judgments reads these
rows and not every activity since the first.

Triggers write it, whichever way activities are written.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from core_service.migrations.decisions import FILL, FILL_ALL

revision: Final = "0034"
down_revision: Final = "0033"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

TABLE: Final = "reserved_decisions"
# The writer of a case's activities holds the lock on its row, so that no other one writes them.
# What ends a decision concerns only cases that have one.
OF_ACTIVITIES: Final = """
CREATE FUNCTION write_decisions_of_activities() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE concerned uuid[] := (
  SELECT array_agg(DISTINCT case_id) FROM changed JOIN outcomes o ON o.id = outcome_id
  WHERE o.effect = 'reserve' OR o.effect IN ('deliver', 'dispose', 'transfer_out')
    AND EXISTS (SELECT FROM reserved_decisions d WHERE d.case_id = changed.case_id)
);
BEGIN
  IF concerned IS NOT NULL THEN
    DELETE FROM reserved_decisions WHERE case_id = ANY (concerned);
    {fill};
  END IF;
  RETURN NULL;
END $$
"""
OF_CASE: Final = """
CREATE FUNCTION write_decisions_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM reserved_decisions WHERE case_id = NEW.id;
  {fill};
  RETURN NULL;
END $$
"""
# No request changes what these follow from: a repair by hand does.
OF_ALL: Final = """
CREATE FUNCTION write_all_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE case_activities IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM reserved_decisions;
  {fill};
  RETURN NULL;
END $$
"""
# Each with the activities that it reads.
FUNCTIONS: Final = (
    (OF_ACTIVITIES, "AND a.case_id = ANY (concerned)"),
    (OF_CASE, "AND a.case_id = NEW.id"),
    (OF_ALL, ""),
)
NAMES: Final = ("write_decisions_of_activities", "write_decisions_of_case", "write_all_decisions")
ON_ACTIVITIES: Final = """
CREATE TRIGGER write_decisions_of_{which}_on_{operation}
AFTER {operation} ON case_activities REFERENCING {which} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION write_decisions_of_activities()
"""
# An update may change the outcome: of rows both as they were and as they are.
CHANGES: Final = (("insert", "NEW"), ("update", "OLD"), ("update", "NEW"), ("delete", "OLD"))
ON_CASE: Final = """
CREATE TRIGGER write_decisions_of_case AFTER UPDATE OF court_id, case_type_id ON cases FOR EACH ROW
WHEN (OLD.court_id <> NEW.court_id OR OLD.case_type_id <> NEW.case_type_id)
EXECUTE FUNCTION write_decisions_of_case()
"""
ON_REFERENCE: Final = """
CREATE TRIGGER write_all_decisions AFTER UPDATE OF {columns} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION write_all_decisions()
"""
REFERENCE: Final = {"case_types": "category_id", "outcomes": "effect, limited_to"}


def upgrade() -> None:
    _create_table()
    # No activity between what the statement reads and the first that the triggers see.
    op.execute("LOCK TABLE cases, case_activities IN SHARE ROW EXCLUSIVE MODE")
    op.execute(FILL_ALL)
    for function, changed in FUNCTIONS:
        op.execute(function.format(fill=FILL.format(changed=changed).strip()))
    for operation, which in CHANGES:
        op.execute(ON_ACTIVITIES.format(operation=operation, which=which))
    op.execute(ON_CASE)
    for table, columns in REFERENCE.items():
        op.execute(ON_REFERENCE.format(table=table, columns=columns))
    op.execute("ANALYZE reserved_decisions")


def downgrade() -> None:
    for name in NAMES:
        op.execute(f"DROP FUNCTION {name}() CASCADE")
    op.drop_table(TABLE)


def _create_table() -> None:
    op.create_table(
        TABLE,
        *(_column(name, sa.Uuid()) for name in ("activity_id", "case_id", "court_id")),
        _column("case_type_id", sa.Uuid()),
        _column("reserved_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("outcome_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("activity_id", name=f"pk_{TABLE}"),
    )
    op.create_index(f"ix_{TABLE}_case_id", TABLE, ["case_id"])
    op.create_index(f"ix_{TABLE}_ended_on", TABLE, ["court_id", "ended_on"])


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)

"""What each case was between two days on which events took effect, so that figures about pending
cases, filings and disposals, and lists of pending cases, add up no events and read no case.

Triggers write it, whichever way events are written and cases deleted.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from core_service.migrations.states import FILL, FILL_ALL

revision: Final = "0032"
down_revision: Final = "0031"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

COUNTS: Final = ("active", "inactive", "filed", "disposed", "disposed_again")
WRITE: Final = """
CREATE FUNCTION write_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM caseload_states WHERE case_id {cases};
  {fill};
  RETURN NULL;
END $$
"""
# The writer of a case's events holds the lock on its row, so that no other one writes them.
FUNCTIONS: Final = {
    "states_of_events": "IN (SELECT case_id FROM changed)",
    "states_of_case": "= NEW.id",
}
OF_EVENTS: Final = """
CREATE TRIGGER write_states_of_events_on_{operation}
AFTER {operation} ON case_status_events REFERENCING {which} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION write_states_of_events()
"""
OPERATIONS: Final = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
OF_CASE: Final = """
CREATE TRIGGER write_states_of_case AFTER UPDATE OF deleted_at ON cases FOR EACH ROW
WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL))
EXECUTE FUNCTION write_states_of_case()
"""


def upgrade() -> None:
    _create_table()
    # No event between what the statement reads and the first that the triggers see.
    op.execute("LOCK TABLE cases, case_status_events IN SHARE ROW EXCLUSIVE MODE")
    op.execute(FILL_ALL)
    for name, cases in FUNCTIONS.items():
        fill = FILL.format(changed=f"AND case_id {cases}").strip()
        op.execute(WRITE.format(name=name, cases=cases, fill=fill))
    for operation, which in OPERATIONS.items():
        op.execute(OF_EVENTS.format(operation=operation, which=which))
    op.execute(OF_CASE)
    op.execute("ANALYZE caseload_states")


def downgrade() -> None:
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION write_{name}() CASCADE")
    op.drop_table("caseload_states")


def _create_table() -> None:
    op.create_table(
        "caseload_states",
        *(_column(name, sa.Uuid()) for name in ("case_id", "court_id", "case_type_id")),
        *(_column(name, sa.Date()) for name in ("from_on", "until_on", "began_on")),
        *(_column(name, sa.SmallInteger()) for name in COUNTS),
        _column("inactive_offset", sa.Integer()),
        sa.PrimaryKeyConstraint(
            *("case_id", "court_id", "case_type_id", "from_on"), name="pk_caseload_states"
        ),
    )
    op.create_index(
        "ix_caseload_states_open",
        "caseload_states",
        ["court_id", "until_on"],
        postgresql_include=(
            *("from_on", "case_type_id", "began_on", "active", "inactive", "inactive_offset"),
            "case_id",
        ),
        postgresql_where=sa.text("active > 0 OR inactive > 0"),
    )
    op.create_index(
        "ix_caseload_states_from_on",
        "caseload_states",
        ["court_id", "from_on"],
        postgresql_include=(
            *("case_type_id", "began_on", "inactive", "inactive_offset"),
            *("filed", "disposed", "disposed_again"),
        ),
    )


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)

"""The whole schema, as the revisions up to 0015 made it; its tables are in the SQL file.

Privileges of the service's role are no revision: `core migrate` grants them by
`migrations/privileges.py` each time, to the role that the service connects as.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from alembic import op

from common.audit.tables import PROTECTION_V1, UNPROTECTION_V1

revision: Final = "0015"
down_revision: Final = None
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# In reverse order of their references.
TABLES: Final = (
    "time_standards",
    "judge_postings",
    "judge_merge_items",
    "judge_merges",
    "import_rows",
    "import_row_issues",
    "import_files",
    "import_batches",
    "idempotency_keys",
    "hearings",
    "court_aliases",
    "change_requests",
    "case_status_events",
    "case_links",
    "case_judge_assignments",
    "case_changes",
    "audit_events",
    "audit_checkpoints",
    "aliases",
    "activity_judges",
    "case_activities",
    "outcomes",
    "cases",
    "judges",
    "courts",
    "case_types",
    "case_categories",
    "adjournment_reasons",
    "activity_types",
)
# A session's temporary table named audit_checkpoints would be found first without a fixed path.
FIX_PATH: Final = """
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION protect_audit_events() SET search_path = pg_catalog, %I, pg_temp',
    current_schema());
END $$
"""


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    op.execute(PROTECTION_V1.format(events="audit_events", checkpoints="audit_checkpoints"))
    op.execute(FIX_PATH)


def downgrade() -> None:
    op.execute(UNPROTECTION_V1.format(events="audit_events"))
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP EXTENSION pg_trgm")
    op.execute("DROP EXTENSION btree_gist")

"""The whole schema, as the revisions up to 0006 made it; its tables are in the SQL file.

Privileges of the service's role are no revision: `auth migrate` grants them by
`migrations/privileges.py` each time, to the role that the service connects as.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from alembic import op

from common.audit.tables import PROTECTION_V1, UNPROTECTION_V1

revision: Final = "0006"
down_revision: Final = None
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

# In reverse order of their references.
TABLES: Final = (
    "signing_keys",
    "service_clients",
    "revoked_tokens",
    "refresh_tokens",
    "sessions",
    "password_tokens",
    "login_failures",
    "idempotency_keys",
    "grants",
    "users",
    "client_cutoffs",
    "audit_events",
    "audit_checkpoints",
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

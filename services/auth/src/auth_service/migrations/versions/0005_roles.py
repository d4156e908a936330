"""The trigger that protects the audit looks at the real checkpoints, in every session.

Privileges of the service's role are no revision: `auth migrate` grants them by
`migrations/privileges.py` each time, to the role that the service connects as.
"""

from collections.abc import Sequence
from typing import Final

from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

FUNCTION: Final = "protect_audit_events()"
# A table of the session's own comes first in an unset path: one named audit_checkpoints would do.
FIX_PATH: Final = """
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION protect_audit_events() SET search_path = pg_catalog, %I, pg_temp',
    current_schema());
END $$
"""


def upgrade() -> None:
    op.execute(FIX_PATH)


def downgrade() -> None:
    op.execute(f"ALTER FUNCTION {FUNCTION} RESET search_path")

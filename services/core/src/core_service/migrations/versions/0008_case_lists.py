"""Indexes for lists of cases: by status, since few are inactive; a court's by their numbers."""

from collections.abc import Sequence
from typing import Final

from core_service.migrations.indexes import build_index, drop_index

revision: Final = "0008"
down_revision: Final = "0007"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    build_index("ix_cases_status", "cases", ["status", "filed_on", "id"])
    build_index(
        "ix_cases_court_number_order",
        "cases",
        ["court_id", "caseid_type", "filed_year", "number_serial", "id"],
    )


def downgrade() -> None:
    drop_index("ix_cases_court_number_order", "cases")
    drop_index("ix_cases_status", "cases")

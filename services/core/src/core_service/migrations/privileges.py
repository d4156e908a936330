"""What core and its worker may do with each table; only the owner of the tables may do more.

A new table gets EVERYTHING from the schema's defaults; its line belongs here all the same.
"""

from typing import Final

from common.database_roles import (
    APPEND,
    APPEND_AND_SEAL,
    CHANGE,
    EVERYTHING,
    JOBS,
    READ,
    Privileges,
)

PRIVILEGES: Final[Privileges] = {
    **JOBS,
    "activity_judges": EVERYTHING,
    "activity_types": CHANGE,
    "adjournment_reasons": CHANGE,
    "alembic_version": READ,
    "aliases": EVERYTHING,
    "audit_checkpoints": APPEND,
    "audit_events": APPEND_AND_SEAL,
    "calendar_periods": CHANGE,
    "case_activities": CHANGE,
    "case_categories": CHANGE,
    "case_changes": APPEND,
    "case_judge_assignments": EVERYTHING,
    "case_links": CHANGE,
    "case_status_events": CHANGE,
    "case_types": CHANGE,
    "case_weights": CHANGE,
    "caseload_deltas": EVERYTHING,
    "caseload_folded": EVERYTHING,
    "caseload_states": EVERYTHING,
    "caseload_totals": CHANGE,
    "cases": CHANGE,
    "change_requests": CHANGE,
    "court_aliases": CHANGE,
    "courts": CHANGE,
    "figure_changes": EVERYTHING,
    "hearings": EVERYTHING,
    "idempotency_keys": EVERYTHING,
    "import_batches": CHANGE,
    "import_cases_before": APPEND,
    "import_files": EVERYTHING,
    "import_row_issues": EVERYTHING,
    "import_row_repairs": APPEND,
    "import_rows": CHANGE,
    "import_rows_before": APPEND,
    "judge_merge_items": APPEND,
    "judge_merges": CHANGE,
    "judge_postings": CHANGE,
    "judges": CHANGE,
    "metric_snapshots": APPEND,
    "outcomes": CHANGE,
    "reserved_decisions": EVERYTHING,
    "superseded_rows": APPEND,
    "time_standards": CHANGE,
}

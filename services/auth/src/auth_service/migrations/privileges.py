"""What auth itself may do with each table; only the owner of the tables may do more.

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
    "alembic_version": READ,
    "audit_checkpoints": APPEND,
    "audit_events": APPEND_AND_SEAL,
    "backups": READ,
    "challenges": EVERYTHING,
    "client_cutoffs": EVERYTHING,
    "court_groups": EVERYTHING,
    "directory_sessions": EVERYTHING,
    "email_changes": EVERYTHING,
    "email_links": EVERYTHING,
    "factors": EVERYTHING,
    "grants": EVERYTHING,
    "group_mappings": EVERYTHING,
    "identities": EVERYTHING,
    "idempotency_keys": EVERYTHING,
    "login_failures": EVERYTHING,
    "one_time_codes": EVERYTHING,
    "password_tokens": EVERYTHING,
    "recovery_codes": EVERYTHING,
    "refresh_tokens": EVERYTHING,
    "restore_floors": APPEND,
    "revoked_tokens": EVERYTHING,
    "service_clients": EVERYTHING,
    "sessions": EVERYTHING,
    "sign_in_codes": EVERYTHING,
    "signing_keys": CHANGE,
    "used_states": EVERYTHING,
    "users": CHANGE,
}

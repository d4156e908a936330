"""Every table of auth in one import, for migrations and tests."""

from auth_service.audit.models import AUDIT_CHAIN, AuditEvent
from auth_service.clients.models import ClientCutoff, ServiceClient
from auth_service.factors.models import Challenge, Factor, RecoveryCode
from auth_service.keys.models import SigningKey
from auth_service.limits.lockout import LoginFailures
from auth_service.oidc.models import DirectorySession, GroupMapping, SignInCode, UsedState
from auth_service.sessions.models import RefreshToken, Session
from auth_service.tables import METADATA
from auth_service.tokens.floors import RestoreFloor
from auth_service.tokens.repository import RevokedToken
from auth_service.users.identities import Identity
from auth_service.users.models import (
    CourtGroup,
    EmailChange,
    EmailLink,
    OneTimeCode,
    PasswordToken,
    User,
    UserGrant,
)
from common.backups import backups_table
from common.idempotency import idempotency_table

BACKUPS = backups_table(METADATA)
IDEMPOTENCY_KEYS = idempotency_table(METADATA)

__all__ = [
    "AUDIT_CHAIN",
    "BACKUPS",
    "IDEMPOTENCY_KEYS",
    "AuditEvent",
    "Challenge",
    "ClientCutoff",
    "CourtGroup",
    "DirectorySession",
    "EmailChange",
    "EmailLink",
    "Factor",
    "GroupMapping",
    "Identity",
    "LoginFailures",
    "OneTimeCode",
    "PasswordToken",
    "RecoveryCode",
    "RefreshToken",
    "RestoreFloor",
    "RevokedToken",
    "ServiceClient",
    "Session",
    "SignInCode",
    "SigningKey",
    "UsedState",
    "User",
    "UserGrant",
]

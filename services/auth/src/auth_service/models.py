"""Every table of auth in one import, for migrations and tests."""

from auth_service.audit.chain import AUDIT_CHAIN
from auth_service.audit.models import AuditEvent
from auth_service.clients.models import ClientCutoff, ServiceClient
from auth_service.keys.models import SigningKey
from auth_service.lockout.models import LoginFailures
from auth_service.recovery.models import PasswordToken
from auth_service.revocations.models import RevokedToken
from auth_service.sessions.models import RefreshToken, Session
from auth_service.tables import METADATA
from auth_service.users.models import User, UserGrant
from common.idempotency import idempotency_table

IDEMPOTENCY_KEYS = idempotency_table(METADATA)

__all__ = [
    "AUDIT_CHAIN",
    "IDEMPOTENCY_KEYS",
    "AuditEvent",
    "ClientCutoff",
    "LoginFailures",
    "PasswordToken",
    "RefreshToken",
    "RevokedToken",
    "ServiceClient",
    "Session",
    "SigningKey",
    "User",
    "UserGrant",
]

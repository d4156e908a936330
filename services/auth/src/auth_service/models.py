"""Every table of auth in one import, for migrations and tests."""

from auth_service.audit.models import AuditEvent
from auth_service.clients.models import ServiceClient
from auth_service.keys.models import SigningKey
from auth_service.revocations.models import RevokedToken
from auth_service.sessions.models import RefreshToken, Session
from auth_service.users.models import User, UserGrant

__all__ = [
    "AuditEvent",
    "RefreshToken",
    "RevokedToken",
    "ServiceClient",
    "Session",
    "SigningKey",
    "User",
    "UserGrant",
]

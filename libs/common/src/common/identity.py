"""Who is calling: users with their grants, services with their scopes, or an unknown caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from common.errors import PermissionDenied, Unauthenticated
from common.jws import TokenRefused


class Role(StrEnum):
    """What a grant allows, on its courts."""

    ADMIN = "admin"
    DATA_ENTRY = "data_entry"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on some courts; `courts` is None for all of them."""

    role: Role
    courts: frozenset[UUID] | None = None

    @classmethod
    def from_claim(cls, claim: Mapping[str, Any]) -> "Grant":
        """Read the compact form: `{"role": "viewer", "courts": ["…"]}`, `"*"` for all courts."""
        courts = claim["courts"]
        ids = None if courts == "*" else frozenset(UUID(court) for court in courts)
        return cls(role=Role(claim["role"]), courts=ids)

    def to_claim(self) -> dict[str, Any]:
        """The compact form that tokens and assertions carry."""
        courts = "*" if self.courts is None else sorted(str(court) for court in self.courts)
        return {"role": self.role.value, "courts": courts}


@dataclass(frozen=True, slots=True)
class CourtScope:
    """The courts that a caller may act on; `courts` is None for all."""

    courts: frozenset[UUID] | None

    @property
    def is_empty(self) -> bool:
        return self.courts is not None and not self.courts

    def __contains__(self, court_id: UUID) -> bool:
        return self.courts is None or court_id in self.courts


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of one request, as the assertion or the service token states it."""

    kind: Literal["user", "service", "anonymous"]
    user_id: UUID | None = None
    session_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    client_id: str | None = None
    scopes: frozenset[str] = frozenset()
    ip: str | None = None

    def has_role(self, *roles: Role) -> bool:
        """Whether any grant gives one of these roles, on whichever court."""
        return any(grant.role in roles for grant in self.grants)

    def scope_for(self, *roles: Role) -> CourtScope:
        """The courts on which the caller holds one of these roles; empty when none."""
        courts: set[UUID] = set()
        for grant in self.grants:
            if grant.role in roles:
                if grant.courts is None:
                    return CourtScope(None)
                courts |= grant.courts
        return CourtScope(frozenset(courts))

    def require_user(self) -> UUID:
        """The user's ID. Raises Unauthenticated for anyone else."""
        if self.kind != "user" or self.user_id is None:
            raise Unauthenticated
        return self.user_id

    def require_role(self, *roles: Role) -> CourtScope:
        """The courts for these roles. Raises Unauthenticated or PermissionDenied."""
        self.require_user()
        if not self.has_role(*roles):
            raise PermissionDenied
        return self.scope_for(*roles)

    def require_scope(self, scope: str) -> None:
        """Let only a service with this scope pass. Raises Unauthenticated or PermissionDenied."""
        if self.kind != "service":
            raise Unauthenticated
        if scope not in self.scopes:
            raise PermissionDenied


def user_principal(claims: Mapping[str, Any], ip: str | None = None) -> Principal:
    """The user whom verified claims name. Raises TokenRefused when they name none."""
    try:
        return Principal(
            kind="user",
            user_id=UUID(claims["sub"]),
            session_id=UUID(claims["sid"]),
            grants=tuple(Grant.from_claim(grant) for grant in claims["grants"]),
            client_id=claims.get("client_id"),
            ip=ip,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise TokenRefused("claims") from error


def service_principal(claims: Mapping[str, Any], ip: str | None = None) -> Principal:
    """The service whom verified claims name. Raises TokenRefused for a user's token."""
    scope = claims.get("scope", "")
    if claims["sub"] != claims["client_id"] or "sid" in claims or not isinstance(scope, str):
        raise TokenRefused("claims")
    return Principal(
        kind="service", client_id=claims["client_id"], scopes=frozenset(scope.split()), ip=ip
    )


ANONYMOUS = Principal(kind="anonymous")

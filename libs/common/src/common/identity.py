"""Who is calling: users with their grants, services with their scopes, or an unknown caller."""

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

from common.errors import PermissionDenied, Unauthenticated
from common.jws import TokenRefused

# Before the digest of a list of courts, where a claim refers to the list instead of holding it.
REFERENCE: Final = "sha256:"


class Role(StrEnum):
    """What a grant allows, on its courts."""

    ADMIN = "admin"
    DATA_ENTRY = "data_entry"
    VIEWER = "viewer"


class Assurance(StrEnum):
    """How surely a user is who they say, as `acr` names it (NIST SP 800-63B-4)."""

    ONE_FACTOR = "aal1"
    TWO_FACTORS = "aal2"

    @classmethod
    def of(cls, methods: Collection[str]) -> "Assurance":
        """What the methods of `amr` (RFC 8176) give."""
        return cls.TWO_FACTORS if "mfa" in methods else cls.ONE_FACTOR


# Of `amr`, what a user of ours has enrolled; a directory's second factor is none of them.
OWN_FACTORS: Final = frozenset({"otp", "pop", "recovery"})


@dataclass(frozen=True, slots=True)
class StepUp:
    """Two factors, shown at most so many seconds ago, as an operation requires; 0: at any time.

    `of_enrolled`: only of users who have signed in with a second factor of ours.
    """

    max_age: int
    of_enrolled: bool = False

    @property
    def wanted(self) -> dict[str, Any]:
        """The members of the problem, named as in RFC 9470."""
        return {"acr_values": Assurance.TWO_FACTORS.value, "max_age": self.max_age}

    @property
    def challenge(self) -> str:
        """The `WWW-Authenticate` of RFC 9470, section 3."""
        error = 'error="insufficient_user_authentication"'
        return f'Bearer {error}, acr_values="{Assurance.TWO_FACTORS}", max_age="{self.max_age}"'

    def satisfied(self, claims: Mapping[str, Any], now: float) -> bool:
        """Whether a token with these claims is enough."""
        acr, auth_time = claims.get("acr"), claims.get("auth_time")
        if self.of_enrolled and OWN_FACTORS.isdisjoint(claims.get("amr") or ()):
            return True
        if acr != Assurance.TWO_FACTORS or not isinstance(auth_time, int):
            return False
        return not self.max_age or now - auth_time <= self.max_age


def court_list_reference(courts: Collection[UUID]) -> str:
    """What refers to a list of courts: the same for the same courts, in whatever order."""
    digest = hashlib.sha256(b"".join(sorted(court.bytes for court in courts))).digest()
    return REFERENCE + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on some courts; `courts` is None for all of them.

    A long list is sent as a `reference`. Until it is resolved (`common.court_lists`) such a grant
    has no courts: forgetting to resolve it denies.
    """

    role: Role
    courts: frozenset[UUID] | None = None
    reference: str | None = None

    @classmethod
    def from_claim(cls, claim: Mapping[str, Any]) -> "Grant":
        """Read the compact form: `{"role": "viewer", "courts": ["…"]}`, `"*"` for all courts."""
        role, courts = Role(claim["role"]), claim["courts"]
        if isinstance(courts, str) and courts.startswith(REFERENCE):
            return cls(role, frozenset(), courts)
        ids = None if courts == "*" else frozenset(UUID(court) for court in courts)
        return cls(role, ids)

    def to_claim(self) -> dict[str, Any]:
        """The compact form that tokens and assertions carry."""
        if self.reference is not None:
            return {"role": self.role.value, "courts": self.reference}
        courts = "*" if self.courts is None else sorted(str(court) for court in self.courts)
        return {"role": self.role.value, "courts": courts}

    def by_reference(self) -> "Grant":
        """The same with a reference to its courts, unless it is for all of them."""
        if self.courts is None:
            return self
        return Grant(self.role, frozenset(), court_list_reference(self.courts))


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
    """The caller of one request, as the assertion or the service token states it.

    Of a user, `amr`, `acr` and `auth_time` say how and when they signed in.
    """

    kind: Literal["user", "service", "anonymous"]
    user_id: UUID | None = None
    session_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    client_id: str | None = None
    scopes: frozenset[str] = frozenset()
    ip: str | None = None
    amr: tuple[str, ...] = ()
    acr: str | None = None
    auth_time: int | None = None

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
            raise PermissionDenied(headers=_challenge())
        return self.scope_for(*roles)

    def require_scope(self, scope: str) -> None:
        """Let only a service with this scope pass. Raises Unauthenticated or PermissionDenied."""
        if self.kind != "service":
            raise Unauthenticated
        if scope not in self.scopes:
            raise PermissionDenied(headers=_challenge(scope))


def _challenge(scope: str | None = None) -> dict[str, str]:
    """What a token lacks for a request (RFC 6750, 3.1)."""
    wanted = f', scope="{scope}"' if scope is not None else ""
    return {"WWW-Authenticate": f'Bearer error="insufficient_scope"{wanted}'}


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
            **_authentication(claims),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise TokenRefused("claims") from error


def _authentication(claims: Mapping[str, Any]) -> dict[str, Any]:
    """How and when the user signed in; unknown for tokens from before it was stated."""
    amr, acr, auth_time = (claims.get(name) for name in ("amr", "acr", "auth_time"))
    if not isinstance(amr, list | None) or not isinstance(acr, str | None):
        raise TypeError
    if isinstance(auth_time, bool) or not isinstance(auth_time, int | None):
        raise TypeError
    return {"amr": tuple(map(str, amr or ())), "acr": acr, "auth_time": auth_time}


def service_principal(claims: Mapping[str, Any], ip: str | None = None) -> Principal:
    """The service whom verified claims name. Raises TokenRefused for a user's token."""
    scope = claims.get("scope", "")
    if claims["sub"] != claims["client_id"] or "sid" in claims or not isinstance(scope, str):
        raise TokenRefused("claims")
    return Principal(
        kind="service", client_id=claims["client_id"], scopes=frozenset(scope.split()), ip=ip
    )


ANONYMOUS = Principal(kind="anonymous")

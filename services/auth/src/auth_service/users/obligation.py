"""Which roles must have a second factor, and from when on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from auth_service.users.models import User
from common.identity import Role


class HasRole(Protocol):
    """A grant, as a row or as tokens carry it."""

    @property
    def role(self) -> Role: ...


@dataclass(frozen=True, slots=True)
class FactorRules:
    """Users with one of `roles` must have a second factor; `grace` is the time to enrol one."""

    roles: frozenset[Role] = frozenset()
    grace: timedelta = timedelta(0)

    def oblige(self, grants: Iterable[HasRole]) -> bool:
        return any(grant.role in self.roles for grant in grants)

    def may_be_due(self, user: User, now: datetime) -> bool:
        """Whether a user with such a role gets no session without a second factor any more.

        The time to enrol begins when the sweep notes it, so that without any it is over at once.
        """
        if user.factor_due_at is None:
            return bool(self.roles) and not self.grace
        return user.factor_due_at <= now

"""Accounts made from the command line: the first administrator, and those of the demo."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from auth_service.fields import EmailRules, normal_name
from auth_service.passwords.service import NewPasswords
from auth_service.sessions.models import EndReason
from auth_service.sessions.service import SessionService
from auth_service.users.grants import compact
from auth_service.users.service import EmailTaken, NewUser, TimedGrant, UserService
from common.composition import Units
from common.errors import FieldError, ValidationFailed
from common.identity import Grant


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    name: str
    password: str = field(repr=False)
    grant: Grant


@dataclass(frozen=True, slots=True)
class SeedingWork:
    """What one transaction of seeding needs."""

    users: UserService
    sessions: SessionService


@dataclass(frozen=True, slots=True)
class Seeding:
    units: Units
    passwords: NewPasswords
    emails: EmailRules

    async def create(self, account: Account) -> None:
        """A new account under the password policy. Raises ValidationFailed or EmailTaken."""
        email, name = self.emails.checked(account.email), _checked_name(account.name)
        password_hash = await self.passwords.hash(account.password, email=email, name=name)
        async with self.units.begin() as unit:
            users = unit.get(UserService)
            if await users.by_email(email) is not None:
                raise EmailTaken
            grants = (TimedGrant(account.grant),)
            await users.create(NewUser(email, name, password_hash, grants))

    async def ensure(self, accounts: Sequence[Account]) -> None:
        """Accounts with these passwords and grants, without the password policy."""
        for account in accounts:
            await self._ensure(account)

    async def _ensure(self, account: Account) -> None:
        hasher = self.passwords.hasher
        async with self.units.begin() as unit:
            seen = await unit.get(UserService).by_email(account.email)
        verified = await hasher.verify(account.password, seen.password_hash if seen else None)
        new_hash = None if verified.matches else await hasher.hash(account.password)
        async with self.units.begin() as unit:
            work = unit.get(SeedingWork)
            if seen is None:
                grants = (TimedGrant(account.grant),)
                await work.users.create(NewUser(account.email, account.name, new_hash, grants))
            else:
                await _update(work, seen.id, new_hash, account.grant)


def _checked_name(name: str) -> str:
    try:
        return normal_name(name)
    except ValueError as error:
        fault = FieldError("name", "name-invalid", str(error))
        raise ValidationFailed("The name is not valid", errors=(fault,)) from error


async def _update(work: SeedingWork, user_id: UUID, new_hash: str | None, grant: Grant) -> None:
    user = await work.users.lock(user_id)
    if user is None:
        return  # deleted meanwhile: the next run creates it
    if new_hash is not None:
        work.users.set_password_hash(user, new_hash)
        await work.sessions.end_all(user.id, EndReason.PASSWORD)
    if grant not in compact(await work.users.grants_in_force(user.id)):
        await work.users.add_grant(user, grant)

"""Accounts made from the command line: the first administrator, and those of the demo."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from auth_service.passwords.service import PasswordService
from auth_service.sessions.models import EndReason
from auth_service.units import Units, Work
from auth_service.users.compaction import compact
from auth_service.users.email import checked_email
from auth_service.users.errors import EmailTaken
from auth_service.users.service import NewUser
from common.identity import Grant


@dataclass(frozen=True, slots=True)
class Account:
    """A user with a password and one grant."""

    email: str
    name: str
    password: str = field(repr=False)
    grant: Grant


@dataclass(frozen=True, slots=True)
class Seeding:
    """Creates accounts."""

    units: Units
    passwords: PasswordService

    async def create(self, account: Account) -> None:
        """A new account under the password policy. Raises ValidationFailed or EmailTaken."""
        email, name = checked_email(account.email), account.name.strip()
        password_hash = await self.passwords.acceptable_hash(
            account.password, email=email, name=name
        )
        async with self.units.begin() as work:
            if await work.users.by_email(email) is not None:
                raise EmailTaken
            await work.users.create(NewUser(email, name, password_hash, (account.grant,)))

    async def ensure(self, accounts: Sequence[Account]) -> None:
        """Accounts with these passwords and grants; the policy does not bind a demo."""
        for account in accounts:
            await self._ensure(account)

    async def _ensure(self, account: Account) -> None:
        async with self.units.begin() as work:
            seen = await work.users.by_email(account.email)
        verified = await self.passwords.hasher.verify(
            account.password, seen.password_hash if seen else None
        )
        new_hash = None if verified.matches else await self.passwords.hasher.hash(account.password)
        async with self.units.begin() as work:
            if seen is None:
                new = NewUser(account.email, account.name, new_hash, (account.grant,))
                await work.users.create(new)
            else:
                await _update(work, seen.id, new_hash, account.grant)


async def _update(work: Work, user_id: UUID, new_hash: str | None, grant: Grant) -> None:
    user = await work.users.lock(user_id)
    if user is None:
        return  # deleted meanwhile: the next run creates it
    if new_hash is not None:
        work.users.set_password_hash(user, new_hash)
        await work.sessions.end_all(user.id, EndReason.PASSWORD)
    if grant not in compact(await work.users.grants_in_force(user.id)):
        await work.users.add_grant(user, grant)

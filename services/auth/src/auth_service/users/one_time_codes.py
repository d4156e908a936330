"""Printed codes: an administrator hands one to a user whom no mail reaches, to set a password.

The first group of a code is its label, by which it is found; the other four are 80 random bits.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from auth_service.fields import normal_email
from auth_service.printed_codes import ALPHABET, GROUP, new_code, plain_code
from auth_service.users.models import OneTimeCode, User
from auth_service.users.single_use import MAX_TRIES, may_use
from common.clock import Clock
from common.repository import Repository

LIFETIME: Final = timedelta(hours=72)
CHARACTERS: Final = 20


@dataclass(frozen=True, slots=True)
class CodeText:
    """A code as its bearer has it."""

    label: str
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, typed: str) -> "CodeText | None":
        """Read what was typed; None when it has not the form of a code."""
        plain = plain_code(typed)
        if len(plain) != CHARACTERS or not set(plain) <= set(ALPHABET):
            return None
        return cls(plain[:GROUP], plain[GROUP:])

    @property
    def secret_hash(self) -> bytes:
        """What is stored. A slow hash adds nothing to 80 random bits."""
        return hashlib.sha256(f"{self.label}{self.secret}".encode()).digest()


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A new code, which is shown this once."""

    text: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OneTimeCodeRepository(Repository[OneTimeCode]):
    model: ClassVar[type[Any]] = OneTimeCode

    async def delete_all(self) -> None:
        await self.session.exec(delete(OneTimeCode))

    def of_users(self, user_ids: Collection[UUID]) -> SelectOfScalar[OneTimeCode]:
        return self.statement().where(col(OneTimeCode.user_id).in_(user_ids))

    def of_address(self, email: str, label: str) -> SelectOfScalar[OneTimeCode]:
        """One query whether or not a user has the address: it takes the same time."""
        of_user = self.statement().join(User, col(User.id) == col(OneTimeCode.user_id))
        return of_user.where(
            col(User.email) == email, col(User.is_active), col(OneTimeCode.label) == label
        )


@dataclass(frozen=True, slots=True)
class OneTimeCodes:
    """Issues and checks codes; a user has at most one."""

    codes: OneTimeCodeRepository
    clock: Clock

    async def issue(self, user: User) -> IssuedCode:
        """A code for a locked user, in place of an earlier one."""
        await self.discard(user.id)
        text, now = new_code(CHARACTERS), self.clock.now()
        parsed = CodeText(text[:GROUP], plain_code(text)[GROUP:])
        row = OneTimeCode(
            user_id=user.id,
            label=parsed.label,
            secret_hash=parsed.secret_hash,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        await self.codes.add(row)
        return IssuedCode(text, row.expires_at)

    async def discard_all(self) -> None:
        """Every code of every user is good for nothing."""
        await self.codes.delete_all()

    async def find(self, email: str, code: CodeText) -> UUID | None:
        """Whose code has this label, at this address."""
        found = await self.codes.first(self.codes.of_address(normal_email(email), code.label))
        return found.user_id if found is not None else None

    async def attempt(self, user_id: UUID, code: CodeText) -> bool:
        """Whether this is the code of a locked user; a wrong one is counted."""
        statement = self.codes.of_users([user_id]).with_for_update()
        row = await self.codes.first(statement)
        if row is None or row.label != code.label:
            return False
        return may_use(row, code.secret_hash, self.clock.now())

    async def of(self, user_ids: Collection[UUID]) -> Mapping[UUID, OneTimeCode]:
        """The codes of these users that may still be used, by user."""
        rows, now = await self.codes.all(self.codes.of_users(user_ids)), self.clock.now()
        return {row.user_id: row for row in rows if row.expires_at > now and row.tries < MAX_TRIES}

    async def discard(self, user_id: UUID) -> None:
        """Make the code of a locked user invalid."""
        for row in await self.codes.all(self.codes.of_users([user_id])):
            await self.codes.delete(row)

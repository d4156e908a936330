"""Hashing passwords: argon2id in a few threads, so that no other request waits for it."""

import asyncio
import os
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeVar

from passlib.context import CryptContext

from common.errors import Unavailable

ResultT = TypeVar("ResultT")
RETRY_AFTER_SECONDS: Final = 1


class HashingBusy(Unavailable):
    """More passwords wait to be checked than can be in a second."""

    code: ClassVar[str] = "hashing-busy"
    title: ClassVar[str] = "Too many sign-ins at once; try again shortly"


@dataclass(frozen=True, slots=True)
class HashingRules:
    """The cost of a hash, and how many may run and wait."""

    memory_kib: int = 19456
    time_cost: int = 2
    parallelism: int = 1
    workers: int = 0
    queue: int = 16

    @property
    def threads(self) -> int:
        return self.workers or os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the password was right, and a better hash to store when the old one is outdated."""

    matches: bool
    new_hash: str | None = None


def make_context(rules: HashingRules) -> CryptContext:
    """argon2id for new hashes; hashes of older systems still verify, and are then replaced."""
    return CryptContext(
        schemes=["argon2", "bcrypt", "pbkdf2_sha256"],
        deprecated="auto",
        argon2__type="ID",
        argon2__memory_cost=rules.memory_kib,
        argon2__time_cost=rules.time_cost,
        argon2__parallelism=rules.parallelism,
    )


@dataclass(slots=True)
class PasswordHasher:
    """Hashes and verifies in its own threads; argon2 releases the interpreter's lock."""

    rules: HashingRules
    _context: CryptContext = field(init=False)
    _pool: ThreadPoolExecutor = field(init=False)
    _dummy: str = field(init=False)
    _pending: int = 0

    def __post_init__(self) -> None:
        self._context = make_context(self.rules)
        self._pool = ThreadPoolExecutor(self.rules.threads, thread_name_prefix="hash")
        self._dummy = self._context.hash(secrets.token_urlsafe(32))

    async def hash(self, password: str) -> str:
        """The hash to store. Raises HashingBusy."""
        return await self.run(lambda: str(self._context.hash(normal_password(password))))

    async def verify(self, password: str, password_hash: str | None) -> Verification:
        """Compare with a stored hash; without one, the same work for nothing. Raises HashingBusy.

        An account that does not exist so takes as long to refuse as one that does.
        """
        return await self.run(lambda: self._verify(password, password_hash))

    async def run(self, work: Callable[[], ResultT]) -> ResultT:
        """Do something costly about a password in the same threads. Raises HashingBusy."""
        if self._pending >= self.rules.threads * (1 + self.rules.queue):
            raise HashingBusy(retry_after_seconds=RETRY_AFTER_SECONDS)
        self._pending += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(self._done)
        return await future

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, _future: object) -> None:
        self._pending -= 1

    def _verify(self, password: str, password_hash: str | None) -> Verification:
        candidate = normal_password(password)
        if password_hash is None:
            self._context.verify(candidate, self._dummy)
            return Verification(matches=False)
        try:
            matches, new_hash = self._context.verify_and_update(candidate, password_hash)
        except ValueError:
            # bcrypt takes no more than 72 bytes; such a password was never this hash's.
            return Verification(matches=False)
        return Verification(matches, new_hash)


def normal_password(password: str) -> str:
    """One spelling for what looks the same, whichever keyboard typed it (NIST SP 800-63B)."""
    return unicodedata.normalize("NFC", password)

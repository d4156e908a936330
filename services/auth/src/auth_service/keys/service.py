"""The stored keys: one signs, the next is published before it signs, retired ones verify.

Every replica maintains them; an advisory lock lets only one at a time make changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.keys import keypair
from auth_service.keys.cipher import KeyCipher
from auth_service.keys.models import KeyState, SigningKey
from auth_service.keys.repository import SigningKeyRepository
from common.clock import Clock

JWKS_SECONDS: Final = 300
RELOAD_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class KeyRules:
    """The times of a rotation; `token_life` is that of the longest access token and its leeway.

    A replica reads the keys every `reload_seconds`, a verifier at least every `jwks_seconds`.
    """

    token_life: timedelta
    algorithm: str = "ES256"
    rotation_days: float = 0
    jwks_seconds: float = JWKS_SECONDS
    reload_seconds: float = RELOAD_SECONDS

    @property
    def publication(self) -> timedelta:
        """How long a key is published before it signs: until every verifier has read it.

        A replica may publish it one reload late; the second reload allows for a slow reading.
        """
        return timedelta(seconds=self.jwks_seconds + 2 * self.reload_seconds)

    @property
    def retirement(self) -> timedelta:
        """How long a key is published after it was replaced: until its last token has expired.

        A replica signs with it until its next reload.
        """
        return self.token_life + timedelta(seconds=2 * self.reload_seconds)

    def may_sign(self, published_at: datetime, now: datetime) -> bool:
        """Whether the next key has been published for long enough."""
        return now - published_at >= self.publication

    def is_old(self, activated_at: datetime, now: datetime) -> bool:
        """Whether it is time to publish the next key."""
        if not self.rotation_days:
            return False
        return now - activated_at >= timedelta(days=self.rotation_days) - self.publication


@dataclass(frozen=True, slots=True)
class KeyService:
    keys: SigningKeyRepository
    cipher: KeyCipher
    rules: KeyRules
    clock: Clock
    audit: AuditLog

    async def published(self) -> Sequence[SigningKey]:
        """The keys that tokens may be verified with, after any state change that is due."""
        if await self._is_due():
            await self.keys.lock_changes()
            await self._maintain()
        return await self.keys.all(self.keys.published(self.clock.now() - self.rules.retirement))

    async def rotate(self, *, now: bool = False) -> SigningKey:
        """Publish the next key, which signs once every verifier has read it.

        With `now` it signs at once: verifiers must fetch a key that they do not know.
        """
        await self.keys.lock_changes()
        active = await self.keys.first(self.keys.in_state(KeyState.ACTIVE))
        waiting = await self.keys.first(self.keys.in_state(KeyState.NEXT))
        if waiting is None:
            waiting = await self._make(KeyState.NEXT if active else KeyState.ACTIVE)
        if now and waiting.state is KeyState.NEXT:
            await self._activate(waiting, active)
        return waiting

    async def outdated(self) -> int:
        """How many keys the current AUTH_KEY_ENCRYPTION_KEY does not decrypt."""
        return sum(map(self._is_outdated, await self.keys.all(self.keys.unretired())))

    async def _is_due(self) -> bool:
        """Whether anything must be changed; read without a lock, since it rarely is."""
        current = await self.keys.all(self.keys.unretired())
        active = next((key for key in current if key.state is KeyState.ACTIVE), None)
        waiting = next((key for key in current if key.state is KeyState.NEXT), None)
        if active is None or any(self._is_outdated(key) for key in current):
            return True
        if waiting is not None:
            return self.rules.may_sign(waiting.created_at, self.clock.now())
        return self._is_to_be_replaced(active)

    async def _maintain(self) -> None:
        current = await self.keys.all(self.keys.unretired())
        for key in current:
            if self._is_outdated(key):
                plain = self.cipher.decrypt(key.kid, key.encrypted_private_key)
                key.encrypted_private_key = self.cipher.encrypt(key.kid, plain)
        active = next((key for key in current if key.state is KeyState.ACTIVE), None)
        waiting = next((key for key in current if key.state is KeyState.NEXT), None)
        if active is None and waiting is None:
            await self._make(KeyState.ACTIVE)
        elif waiting is not None:
            if active is None or self.rules.may_sign(waiting.created_at, self.clock.now()):
                await self._activate(waiting, active)
        elif active is not None and self._is_to_be_replaced(active):
            await self._make(KeyState.NEXT)

    def _is_to_be_replaced(self, active: SigningKey) -> bool:
        since = active.activated_at or active.created_at
        changed = active.algorithm != self.rules.algorithm
        return changed or self.rules.is_old(since, self.clock.now())

    def _is_outdated(self, key: SigningKey) -> bool:
        return self.cipher.is_outdated(key.kid, key.encrypted_private_key)

    async def _make(self, state: KeyState) -> SigningKey:
        pair, now = keypair.generate(self.rules.algorithm), self.clock.now()
        key = SigningKey(
            kid=pair.kid,
            algorithm=pair.algorithm,
            state=state,
            public_jwk=pair.public_jwk,
            encrypted_private_key=self.cipher.encrypt(pair.kid, pair.private_der),
            created_at=now,
            activated_at=now if state is KeyState.ACTIVE else None,
        )
        await self.keys.add(key)
        details = {"kid": pair.kid, "algorithm": pair.algorithm, "state": state.value}
        self.audit.record(Event(Action.KEY_CREATE, details=details))
        return key

    async def _activate(self, key: SigningKey, active: SigningKey | None) -> None:
        now = self.clock.now()
        if active is not None:
            active.state, active.retired_at = KeyState.RETIRED, now
            active.encrypted_private_key = b""  # it never signs again
            # Flushed separately: there must never be two active keys.
            await self.keys.session.flush()
        key.state, key.activated_at = KeyState.ACTIVE, now
        details = {"kid": key.kid, "previous": active.kid if active else None}
        self.audit.record(Event(Action.KEY_ROTATE, details=details))

"""The stored keys: one active at any time, made at the first start."""

from collections.abc import Sequence
from dataclasses import dataclass

from auth_service.audit.models import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.keys import keypair
from auth_service.keys.cipher import KeyCipher
from auth_service.keys.models import KeyState, SigningKey
from auth_service.keys.repository import SigningKeyRepository
from auth_service.revocations.marks import Marks
from common.clock import Clock


@dataclass(frozen=True, slots=True)
class KeyService:
    """Signing keys within one unit of work."""

    keys: SigningKeyRepository
    cipher: KeyCipher
    marks: Marks
    clock: Clock
    audit: AuditLog

    async def published(self) -> Sequence[SigningKey]:
        """The keys that tokens may be verified with; the active one is made if there is none."""
        if await self.keys.first(self.keys.active()) is None:
            await self._make_first()
        # A retired key verifies as long as a token that it signed can be alive.
        retired_after = self.clock.now() - self.marks.lifetime
        return await self.keys.all(self.keys.published(retired_after))

    async def _make_first(self) -> None:
        await self.keys.lock_changes()
        if await self.keys.first(self.keys.active()) is not None:
            return  # another process was quicker
        pair, now = keypair.generate(), self.clock.now()
        await self.keys.add(
            SigningKey(
                kid=pair.kid,
                algorithm=keypair.ALGORITHM,
                state=KeyState.ACTIVE,
                public_jwk=pair.public_jwk,
                encrypted_private_key=self.cipher.encrypt(pair.kid, pair.private_der),
                created_at=now,
                activated_at=now,
            )
        )
        self.audit.record(Event(Action.KEY_CREATE, details={"kid": pair.kid}))

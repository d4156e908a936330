"""Second factors of one user: enrolling, checking and removing them.

The caller of what changes anything has locked the user's row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from auth_service.audit.actions import Action
from auth_service.audit.service import AuditLog, Event
from auth_service.factors import codes
from auth_service.factors.challenges import Challenges
from auth_service.factors.errors import FactorLimit, NoFactor, PasskeyKnown
from auth_service.factors.models import Factor, FactorKind, RecoveryCode
from auth_service.factors.passkeys import Passkeys, credential_id
from auth_service.factors.repository import FactorRepository, RecoveryCodeRepository
from auth_service.keys.cipher import FactorCipher
from auth_service.mail.letters import LetterKind
from auth_service.mail.outbox import Outbox
from auth_service.sessions.models import Method
from auth_service.users.models import User
from common.clock import Clock
from common.errors import NotFound
from common.ids import uuid7

MAX_FACTORS: Final = 10


@dataclass(frozen=True, slots=True)
class Proof:
    """What is presented as a second factor; `challenge` is what a passkey was to sign.

    `alone`: no password was given before, so that only a passkey with its own PIN is enough.
    """

    code: str | None = field(default=None, repr=False)
    recovery_code: str | None = field(default=None, repr=False)
    passkey: Mapping[str, Any] | None = field(default=None, repr=False)
    challenge: bytes = field(default=b"", repr=False)
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The method of a factor that is right, or the reason why it is not, for the audit log."""

    method: Method | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class NewApp:
    """An authenticator app to set up; its secret is shown this once."""

    factor: Factor
    email: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Added:
    """A factor that counts from now on; recovery codes come with it when there are none."""

    factor: Factor
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class FactorService:
    factors: FactorRepository
    recovery: RecoveryCodeRepository
    challenges: Challenges
    cipher: FactorCipher
    passkeys: Passkeys
    clock: Clock
    audit: AuditLog
    outbox: Outbox

    async def of(self, user_id: UUID) -> Sequence[Factor]:
        """The factors that count."""
        return await self.factors.all(self.factors.of_user(user_id))

    async def owners(self, user_ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of the users who have a second factor."""
        return await self.factors.owners(user_ids)

    async def owner_of(self, passkey: Mapping[str, Any]) -> UUID | None:
        """Whose passkey this claims to be."""
        found = await self._with_credential(passkey)
        return found.user_id if found is not None else None

    async def codes_left(self, user_id: UUID) -> int:
        return await self.recovery.count(self.recovery.of_user(user_id))

    async def begin_app(self, user: User, name: str) -> NewApp:
        """A secret to set up an app with, in place of one that was not confirmed."""
        await self._require_room(user, FactorKind.TOTP)
        for pending in await self.factors.all(self.factors.pending(user.id)):
            await self.factors.delete(pending)
        secret, factor_id = codes.new_secret(), uuid7()
        factor = Factor(
            id=factor_id,
            user_id=user.id,
            kind=FactorKind.TOTP,
            name=name,
            sealed_secret=self.cipher.encrypt(str(factor_id), secret),
            created_at=self.clock.now(),
        )
        await self.factors.add(factor)
        return NewApp(factor, user.email, secret)

    async def confirm_app(self, user: User, code: str) -> Added | None:
        """Let the app count whose code this is, in place of an earlier one. None: a wrong code.

        Raises FactorLimit: passkeys may have been added since.
        """
        pending = await self.factors.first(self.factors.pending(user.id))
        if pending is None or self._match(pending, code) is not None:
            return None
        await self._require_room(user, FactorKind.TOTP)
        for earlier in await self.of(user.id):
            if earlier.kind is FactorKind.TOTP:
                await self.factors.delete(earlier)
                self._record(Action.FACTOR_REMOVE, user, earlier)
        return await self._added(user, pending)

    async def add_passkey(
        self, user: User, name: str, credential: Mapping[str, Any], challenge: bytes
    ) -> Added | None:
        """Register a passkey. None: it is not valid. Raises PasskeyKnown, FactorLimit."""
        await self._require_room(user, FactorKind.PASSKEY)
        made = self.passkeys.register(credential, challenge)
        if made is None:
            return None
        if await self.factors.first(self.factors.with_credential(made.credential_id)) is not None:
            raise PasskeyKnown
        factor = Factor(
            user_id=user.id,
            kind=FactorKind.PASSKEY,
            name=name,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            created_at=self.clock.now(),
        )
        await self.factors.add(factor)
        return await self._added(user, factor)

    async def renew_codes(self, user: User) -> tuple[str, ...]:
        """Ten new recovery codes in place of all earlier ones. Raises NoFactor."""
        if not await self.of(user.id):
            raise NoFactor
        self.audit.record(Event(Action.RECOVERY_CODES, subject_id=user.id))
        return await self._new_codes(user)

    async def remove(self, user: User, factor_id: UUID) -> None:
        """Remove a factor, with the last one the recovery codes too. Raises NotFound."""
        own = {each.id: each for each in await self.of(user.id)}
        if factor_id not in own:
            raise NotFound
        factor = own.pop(factor_id)
        await self.factors.delete(factor)
        if not own:
            await self.recovery.delete_all(user.id)
        self._record(Action.FACTOR_REMOVE, user, factor)
        await self.outbox.about_factor(LetterKind.FACTOR_REMOVED, user.id)

    async def remove_since(self, user: User, moment: datetime) -> None:
        """Remove the factors that were set up since, and whatever waits for one."""
        for factor in await self.of(user.id):
            if factor.created_at >= moment:
                await self.remove(user, factor.id)
        for pending in await self.factors.all(self.factors.pending(user.id)):
            await self.factors.delete(pending)
        await self.challenges.discard(user.id)

    async def reset(self, user: User) -> None:
        """Remove everything that a user has lost, and tell the user."""
        await self.forget(user.id)
        self.audit.record(Event(Action.FACTOR_RESET, subject_id=user.id))
        await self.outbox.about_factor(LetterKind.FACTOR_RESET, user.id)

    async def forget(self, user_id: UUID) -> None:
        """Remove every factor of a user, recovery codes and challenges too."""
        await self.factors.delete_all(user_id)
        await self.recovery.delete_all(user_id)
        await self.challenges.discard(user_id)

    async def check(self, user: User, proof: Proof) -> Checked:
        """Whether this is a second factor of the user, which is then used up."""
        if proof.passkey is not None:
            return await self._check_passkey(user, proof.passkey, proof)
        if proof.alone:
            return Checked(None, "passkey-wrong")
        if proof.recovery_code is not None:
            return await self._check_recovery(user, proof.recovery_code)
        return await self._check_code(user, proof.code or "")

    async def outdated(self) -> int:
        """How many secrets the current key does not decrypt."""
        apps = await self.factors.all(self.factors.of_kind(FactorKind.TOTP))
        sealed = ((str(each.id), each.sealed_secret or b"") for each in apps)
        return sum(self.cipher.is_outdated(kid, secret) for kid, secret in sealed)

    async def reseal(self) -> None:
        """Encrypt again what the current key does not decrypt, so that a previous one can go."""
        for factor in await self.factors.all(self.factors.of_kind(FactorKind.TOTP)):
            kid, sealed = str(factor.id), factor.sealed_secret or b""
            if self.cipher.is_outdated(kid, sealed):
                factor.sealed_secret = self.cipher.encrypt(kid, self.cipher.decrypt(kid, sealed))

    async def _check_code(self, user: User, code: str) -> Checked:
        reason = "no-app"
        for factor in await self.of(user.id):
            if factor.kind is FactorKind.TOTP:
                refused = self._match(factor, code)
                if refused is None:
                    return self._used(user, factor, Method.ONE_TIME_CODE)
                reason = refused
        return Checked(None, reason)

    async def _check_passkey(self, user: User, passkey: Mapping[str, Any], proof: Proof) -> Checked:
        factor = await self._with_credential(passkey)
        if factor is None or factor.user_id != user.id:
            return Checked(None, "passkey-unknown")
        use = self.passkeys.verify(passkey, factor, proof.challenge)
        if use is None:
            return Checked(None, "passkey-wrong")
        if proof.alone and not use.user_verified:
            return Checked(None, "passkey-unverified")
        factor.sign_count = use.sign_count
        return self._used(user, factor, Method.PASSKEY)

    async def _check_recovery(self, user: User, code: str) -> Checked:
        if not await self.of(user.id):
            return Checked(None, "no-factor")
        if not await self.recovery.take(user.id, codes.recovery_hash(user.id, code)):
            return Checked(None, "recovery-code-wrong")
        left = await self.codes_left(user.id)
        details = {"kind": "recovery", "left": left}
        self.audit.record(Event(Action.FACTOR_USE, subject_id=user.id, details=details))
        await self.outbox.about_factor(LetterKind.RECOVERY_USED, user.id)
        return Checked(Method.RECOVERY_CODE)

    def _match(self, factor: Factor, code: str) -> str | None:
        """Use up the time step of a code; the reason when the code is not right."""
        secret = self.cipher.decrypt(str(factor.id), factor.sealed_secret or b"")
        found = codes.match_code(secret, code, self.clock.now(), factor.last_step)
        if found is None:
            return "code-wrong"
        if found.replayed:
            return "code-replayed"
        factor.last_step = found.step
        return None

    def _used(self, user: User, factor: Factor, method: Method) -> Checked:
        factor.last_used_at = self.clock.now()
        self._record(Action.FACTOR_USE, user, factor)
        return Checked(method)

    async def _added(self, user: User, factor: Factor) -> Added:
        factor.confirmed_at = factor.last_used_at = self.clock.now()
        user.factor_due_at = None
        self._record(Action.FACTOR_ADD, user, factor)
        await self.outbox.about_factor(LetterKind.FACTOR_ADDED, user.id)
        has_codes = await self.codes_left(user.id)
        return Added(factor, () if has_codes else await self._new_codes(user))

    async def _new_codes(self, user: User) -> tuple[str, ...]:
        await self.recovery.delete_all(user.id)
        made = tuple(codes.new_recovery_code() for _ in range(codes.RECOVERY_CODES))
        hashes = (codes.recovery_hash(user.id, code) for code in made)
        await self.recovery.add(
            *(RecoveryCode(code_hash=hashed, user_id=user.id) for hashed in hashes)
        )
        return made

    async def _require_room(self, user: User, kind: FactorKind) -> None:
        """Raises FactorLimit. A user has one app: a new one takes the place of the earlier one."""
        own = await self.of(user.id)
        if kind is FactorKind.TOTP:
            own = [each for each in own if each.kind is not kind]
        if len(own) >= MAX_FACTORS:
            raise FactorLimit

    async def _with_credential(self, passkey: Mapping[str, Any]) -> Factor | None:
        given = credential_id(passkey)
        if given is None:
            return None
        return await self.factors.first(self.factors.with_credential(given))

    def _record(self, action: Action, user: User, factor: Factor) -> None:
        details = {"kind": factor.kind.value, "factor_id": str(factor.id)}
        self.audit.record(Event(action, subject_id=user.id, details=details))

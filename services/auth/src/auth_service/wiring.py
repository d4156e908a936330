"""The composition root: the one module that names every concrete class.

The API and the command line are built from the same parts.
"""

from dataclasses import dataclass
from datetime import timedelta

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.audit.service import AuditLog
from auth_service.clients.repository import ClientRepository
from auth_service.clients.service import ClientService
from auth_service.keys.cipher import KeyCipher
from auth_service.keys.repository import SigningKeyRepository
from auth_service.keys.ring import KeyRing
from auth_service.keys.service import KeyService
from auth_service.passwords.hashing import HashingRules, PasswordHasher
from auth_service.passwords.policy import PasswordPolicy
from auth_service.passwords.service import PasswordService
from auth_service.revocations.changes import Changes
from auth_service.revocations.marks import Marks
from auth_service.revocations.publisher import Publisher
from auth_service.revocations.rebuild import Rebuild
from auth_service.revocations.repository import RevokedTokenRepository
from auth_service.revocations.store import MarkStore
from auth_service.sessions.cache import SessionCache
from auth_service.sessions.derivation import RefreshTokens
from auth_service.sessions.repository import RefreshTokenRepository, SessionRepository
from auth_service.sessions.service import SessionRules, SessionService
from auth_service.settings import AuthSettings
from auth_service.signin.cookies import RefreshCookie
from auth_service.signin.service import SignIn
from auth_service.source import Source
from auth_service.tokens.issuer import TokenIssuer
from auth_service.tokens.service import TokenService
from auth_service.units import Units, Work
from auth_service.users.repository import GrantRepository, UserRepository
from auth_service.users.service import UserService
from common.clock import Clock, SystemClock
from common.database import Database
from common.pages import CursorSigner

REDIS_TIMEOUT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition of a unit of work needs to know."""

    clock: Clock
    marks: Marks
    cipher: KeyCipher
    derivation: RefreshTokens
    rules: SessionRules

    def compose(self, session: AsyncSession, source: Source) -> Work:
        """The services of one transaction."""
        audit = AuditLog(session, self.clock, source)
        changes = Changes(self.marks)
        users = UserService(
            UserRepository(session), GrantRepository(session), self.clock, audit, changes
        )
        return Work(
            audit=audit,
            users=users,
            sessions=SessionService(
                sessions=SessionRepository(session),
                tokens=RefreshTokenRepository(session),
                users=users,
                derivation=self.derivation,
                rules=self.rules,
                clock=self.clock,
                audit=audit,
                changes=changes,
            ),
            clients=ClientService(ClientRepository(session), self.clock, audit),
            keys=KeyService(
                SigningKeyRepository(session), self.cipher, self.marks, self.clock, audit
            ),
            revoked_tokens=RevokedTokenRepository(session),
            changes=changes,
        )


@dataclass(frozen=True, slots=True)
class Wiring:
    """Everything that lives as long as the process."""

    settings: AuthSettings
    clock: Clock
    database: Database
    redis: Redis
    units: Units
    keys: KeyRing
    issuer: TokenIssuer
    hasher: PasswordHasher
    passwords: PasswordService
    sign_in: SignIn
    tokens: TokenService
    rebuild: Rebuild
    cookie: RefreshCookie
    cursors: CursorSigner

    async def load_keys(self) -> None:
        """Read the signing keys, making the first one where there is none."""
        async with self.units.begin() as work:
            published = await work.keys.published()
        self.keys.replace(published)

    async def close(self) -> None:
        """Give back connections and threads."""
        self.hasher.close()
        await self.redis.aclose()
        await self.database.close()


def connect_redis(url: str) -> Redis:
    """A client that gives up soon: Redis being away must not hold up an answer."""
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),  # one more try: the first may have met a dead connection
    )


def wire(settings: AuthSettings, clock: Clock | None = None) -> Wiring:
    """Build it all; nothing is connected to yet."""
    clock = clock or SystemClock()
    database = Database.connect(settings.database_url.get_secret_value())
    redis = connect_redis(settings.redis_url.get_secret_value())
    marks = Marks(settings.access_token_seconds)
    cipher = KeyCipher(settings.key_encryption_key.get_secret_value())
    publisher = Publisher(MarkStore(redis, clock), SessionCache(redis))
    units = Units(database, publisher, _parts(settings, clock, marks, cipher).compose)
    keys = KeyRing(cipher)
    issuer = TokenIssuer(
        keys, settings.issuer, clock, settings.access_token_seconds, settings.service_token_seconds
    )
    hasher = PasswordHasher(_hashing(settings))
    return Wiring(
        settings=settings,
        clock=clock,
        database=database,
        redis=redis,
        units=units,
        keys=keys,
        issuer=issuer,
        hasher=hasher,
        passwords=PasswordService(units, hasher, PasswordPolicy(settings.password_min_characters)),
        sign_in=SignIn(units, hasher, issuer),
        tokens=TokenService(keys, settings.issuer, clock),
        rebuild=Rebuild(units, publisher, marks, clock),
        cookie=RefreshCookie(settings.https, settings.cookie_same_site, settings.origins),
        cursors=CursorSigner(settings.cursor_key.get_secret_value().encode()),
    )


def _parts(settings: AuthSettings, clock: Clock, marks: Marks, cipher: KeyCipher) -> Parts:
    rules = SessionRules(
        idle=timedelta(days=settings.session_idle_days),
        absolute=timedelta(days=settings.session_absolute_days),
        window=timedelta(seconds=settings.refresh_window_seconds),
    )
    derivation = RefreshTokens(settings.refresh_derivation_key.get_secret_value().encode())
    return Parts(clock, marks, cipher, derivation, rules)


def _hashing(settings: AuthSettings) -> HashingRules:
    return HashingRules(
        memory_kib=settings.hash_memory_kib,
        time_cost=settings.hash_time_cost,
        parallelism=settings.hash_parallelism,
        workers=settings.hash_workers,
        queue=settings.hash_queue,
    )

"""The composition root: the one module that names every concrete class.

The API and the command line are built from the same parts.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from procrastinate import App
from redis.asyncio import Redis
from sqlmodel.ext.asyncio.session import AsyncSession

from auth_service.administration.service import Administration
from auth_service.audit.chain import AUDIT_CHAIN, SERVICE
from auth_service.audit.reading import AuditExport, AuditReading
from auth_service.audit.repository import AuditEventRepository
from auth_service.audit.service import AuditLog
from auth_service.clients.cutoffs import ClientCutoffs, CutoffRepository
from auth_service.clients.registry import ClientRegistry
from auth_service.clients.repository import ClientRepository
from auth_service.clients.service import ClientService
from auth_service.housekeeping.service import Housekeeping
from auth_service.keys.cipher import KeyCipher
from auth_service.keys.repository import SigningKeyRepository
from auth_service.keys.ring import KeyRing
from auth_service.keys.rules import KeyRules
from auth_service.keys.service import KeyService
from auth_service.limits.service import Limits
from auth_service.limits.store import SharedLimits
from auth_service.lockout.repository import LoginFailuresRepository
from auth_service.lockout.service import Lockout, LockoutRules
from auth_service.mail.delivery import Delivery, Links
from auth_service.mail.jobs import MailWorker, build_jobs
from auth_service.mail.mailers import FileMailer, Mailer, SmtpMailer
from auth_service.mail.outbox import Outbox
from auth_service.mail.rendering import Renderer
from auth_service.passwords.breached import BreachedPasswords
from auth_service.passwords.hashing import PasswordHasher, PoolRules
from auth_service.passwords.peppers import Peppering
from auth_service.passwords.policy import PasswordPolicy
from auth_service.passwords.scheme import HashingCost, PasswordScheme
from auth_service.passwords.service import PasswordService
from auth_service.recovery.issuing import PasswordTokens, TokenLifetimes
from auth_service.recovery.repository import PasswordTokenRepository
from auth_service.recovery.service import Recovery
from auth_service.revocations.changes import Changes
from auth_service.revocations.marks import LEEWAY_SECONDS, Marks
from auth_service.revocations.publisher import Publisher
from auth_service.revocations.rebuild import Rebuild
from auth_service.revocations.repository import RevokedTokenRepository
from auth_service.revocations.store import MarkStore
from auth_service.sessions.cache import SessionCache
from auth_service.sessions.derivation import RefreshTokens
from auth_service.sessions.opening import OpeningRepository
from auth_service.sessions.repository import RefreshTokenRepository, SessionRepository
from auth_service.sessions.rotation import RotationRepository
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
from common.audit_chain.anchors import AnchorFile
from common.audit_chain.audit import ChainAudit
from common.audit_chain.checkpoints import CheckpointKeys
from common.audit_chain.sealer import Sealer
from common.clock import Clock, SystemClock
from common.database import Database
from common.pages import CursorSigner
from common.redis_client import connect_redis

# Redis that is unavailable must not hold up an answer.
REDIS_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition of a unit of work needs to know."""

    clock: Clock
    marks: Marks
    cipher: KeyCipher
    key_rules: KeyRules
    derivation: RefreshTokens
    rules: SessionRules
    lockout: LockoutRules
    lifetimes: TokenLifetimes
    overlap: timedelta
    jobs: App
    limits: Limits

    def compose(self, session: AsyncSession, source: Source) -> Work:
        """The services of one transaction."""
        audit = AuditLog(session, self.clock, source)
        changes = Changes(self.marks)
        users = UserService(
            UserRepository(session), GrantRepository(session), self.clock, audit, changes
        )
        outbox = Outbox(session, self.jobs, self.clock, source)
        sessions = SessionService(
            sessions=SessionRepository(session),
            tokens=RefreshTokenRepository(session),
            opening=OpeningRepository(session),
            rotation=RotationRepository(session),
            users=users,
            derivation=self.derivation,
            rules=self.rules,
            clock=self.clock,
            audit=audit,
            changes=changes,
            outbox=outbox,
            limits=self.limits,
        )
        tokens = PasswordTokens(PasswordTokenRepository(session), self.lifetimes, self.clock)
        clients = ClientRepository(session)
        cutoffs = ClientCutoffs(CutoffRepository(session), self.clock)
        return Work(
            audit=audit,
            audit_reading=AuditReading(AuditEventRepository(session), audit),
            users=users,
            administration=Administration(users, sessions, tokens, outbox),
            sessions=sessions,
            password_tokens=tokens,
            lockout=Lockout(LoginFailuresRepository(session), self.lockout, self.clock),
            outbox=outbox,
            clients=ClientService(clients, cutoffs, self.clock, audit),
            client_cutoffs=cutoffs,
            client_registry=ClientRegistry(clients, cutoffs, self.clock, audit, self.overlap),
            keys=KeyService(
                SigningKeyRepository(session), self.cipher, self.key_rules, self.clock, audit
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
    housekeeping: Housekeeping
    sealer: Sealer
    audit_chain: ChainAudit
    cookie: RefreshCookie
    cursors: CursorSigner
    limits: Limits
    recovery: Recovery
    mail: MailWorker
    audit_export: AuditExport

    async def load_keys(self) -> None:
        """Read the signing keys, making the first one where there is none."""
        async with self.units.begin() as work:
            published = await work.keys.published()
        self.keys.replace(published)

    async def purge_failures(self) -> None:
        """Forget failed sign-ins of addresses that are nobody's."""
        async with self.units.begin() as work:
            await work.lockout.purge()

    async def close(self) -> None:
        """Give back connections and threads."""
        self.hasher.close()
        await self.redis.aclose()
        await self.database.close()


def wire(settings: AuthSettings, clock: Clock | None = None) -> Wiring:
    """Build it all; nothing is connected to yet."""
    clock = clock or SystemClock()
    database = Database.connect(settings.database_url.get_secret_value())
    redis = connect_redis(
        settings.redis_url.get_secret_value(), REDIS_SECONDS, decode_responses=True
    )
    marks = Marks(settings.access_token_seconds)
    cipher = KeyCipher(tuple(key.get_secret_value() for key in settings.key_encryption_key))
    publisher = Publisher(MarkStore(redis, clock), SessionCache(redis))
    parts = _parts(settings, clock, marks, cipher, redis)
    units = Units(database, publisher, parts.compose)
    keys = KeyRing(cipher)
    issuer = TokenIssuer(
        keys, settings.issuer, clock, settings.access_token_seconds, settings.service_token_seconds
    )
    hasher = _hasher(settings)
    audit_keys = _audit_keys(settings)
    anchors = AnchorFile.at(settings.audit_anchors, SERVICE)
    breached = BreachedPasswords(settings.breached_passwords)
    policy = PasswordPolicy(settings.password_min_characters, breached)
    passwords = PasswordService(units, hasher, policy)
    return Wiring(
        settings=settings,
        clock=clock,
        database=database,
        redis=redis,
        units=units,
        keys=keys,
        issuer=issuer,
        hasher=hasher,
        passwords=passwords,
        sign_in=SignIn(units, hasher, issuer, parts.limits),
        tokens=TokenService(keys, settings.issuer, clock),
        rebuild=Rebuild(units, publisher, marks, clock),
        housekeeping=Housekeeping(database, clock),
        sealer=Sealer(database, AUDIT_CHAIN, audit_keys, clock, anchors),
        audit_chain=ChainAudit(database, AUDIT_CHAIN, audit_keys, clock, anchors),
        cookie=RefreshCookie(settings.https, settings.cookie_same_site, settings.origins),
        cursors=CursorSigner(settings.cursor_key.get_secret_value().encode()),
        limits=parts.limits,
        recovery=Recovery(units, passwords, parts.limits),
        mail=MailWorker(parts.jobs, _delivery(settings, units, clock)),
        audit_export=AuditExport(database),
    )


def _parts(
    settings: AuthSettings, clock: Clock, marks: Marks, cipher: KeyCipher, redis: Redis
) -> Parts:
    rules = SessionRules(
        idle=timedelta(days=settings.session_idle_days),
        absolute=timedelta(days=settings.session_absolute_days),
        window=timedelta(seconds=settings.refresh_window_seconds),
        recent=timedelta(seconds=settings.reauthentication_seconds),
    )
    derivation = RefreshTokens(settings.refresh_derivation_key.get_secret_value().encode())
    key_rules = KeyRules(
        token_life=timedelta(
            seconds=max(settings.access_token_seconds, settings.service_token_seconds)
            + LEEWAY_SECONDS
        ),
        algorithm=settings.signing_algorithm,
        rotation_days=settings.key_rotation_days,
        jwks_seconds=settings.jwks_seconds,
        reload_seconds=settings.key_reload_seconds,
    )
    return Parts(
        clock=clock,
        marks=marks,
        cipher=cipher,
        key_rules=key_rules,
        derivation=derivation,
        rules=rules,
        lockout=LockoutRules(
            settings.backoff_after_failures,
            settings.backoff_max_seconds,
            settings.password_max_failures,
        ),
        lifetimes=TokenLifetimes(
            reset=timedelta(seconds=settings.reset_token_seconds),
            invitation=timedelta(hours=settings.invitation_hours),
        ),
        overlap=timedelta(seconds=settings.client_secret_overlap_seconds),
        jobs=build_jobs(settings.database_url.get_secret_value()),
        limits=Limits(settings.policies, SharedLimits(redis)),
    )


def _delivery(settings: AuthSettings, units: Units, clock: Clock) -> Delivery:
    folder = settings.mail_folder
    mailer: Mailer = FileMailer(folder) if folder else SmtpMailer(settings.smtp_server)
    links = Links(settings.password_link, settings.public_url)
    return Delivery(units, Renderer(settings.mail_from), mailer, links, clock)


def _hasher(settings: AuthSettings) -> PasswordHasher:
    cost = HashingCost(
        memory_kib=settings.hash_memory_kib,
        time_cost=settings.hash_time_cost,
        parallelism=settings.hash_parallelism,
    )
    peppers = {
        pepper.id: pepper.secret.get_secret_value().encode() for pepper in settings.password_peppers
    }
    pool = PoolRules(
        workers=settings.hash_workers,
        queue=settings.hash_queue,
        wait_seconds=settings.hash_wait_seconds,
    )
    return PasswordHasher(pool, PasswordScheme(cost, Peppering(peppers)))


def _audit_keys(settings: AuthSettings) -> CheckpointKeys:
    # The keys that encrypt signing keys stay last, for what was signed before there were others.
    keys = (*settings.audit_keys, *settings.key_encryption_key)
    return CheckpointKeys(tuple(key.get_secret_value() for key in keys))

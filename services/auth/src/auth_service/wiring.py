"""The composition: the one module that names every concrete class.

The API and the commands are built from it.
"""

from datetime import timedelta
from typing import Any, Final

from procrastinate import App

from auth_service.administration.anonymising import Anonymising
from auth_service.administration.dormancy import Dormancy, DormancyRules, DormancyWork
from auth_service.administration.granting import Granting
from auth_service.administration.repository import AccountUse
from auth_service.administration.service import Administration
from auth_service.administration.support import Support
from auth_service.audit.reading import AuditExport, AuditReading
from auth_service.audit.repository import AuditEventRepository
from auth_service.audit.service import AuditLog
from auth_service.audit.sign_ins import SignInHistory
from auth_service.clients.authentication import ClientAuthentication
from auth_service.clients.cutoffs import ClientCutoffs
from auth_service.clients.registry import ClientRegistry, ClientRules
from auth_service.clients.repository import ClientRepository, CutoffRepository
from auth_service.clients.router import ServiceTokens
from auth_service.clients.service import ClientService
from auth_service.emails.own import OwnEmail
from auth_service.emails.service import EmailService
from auth_service.factors.challenges import Challenges
from auth_service.factors.own import OwnFactors
from auth_service.factors.passkeys import Passkeys
from auth_service.factors.repository import (
    ChallengeRepository,
    FactorRepository,
    RecoveryCodeRepository,
)
from auth_service.factors.service import FactorService
from auth_service.factors.sweep import FactorSweep
from auth_service.fields import EmailRules
from auth_service.housekeeping import Housekeeping
from auth_service.importing import UserImport
from auth_service.keys.cipher import FactorCipher, KeyCipher
from auth_service.keys.issuer import KeyRing, TokenIssuer
from auth_service.keys.repository import SigningKeyRepository
from auth_service.keys.router import Discovery
from auth_service.keys.service import KeyRules, KeyService
from auth_service.limits.counting import SharedLimits
from auth_service.limits.device_cookie import DeviceCookie
from auth_service.limits.devices import Devices
from auth_service.limits.lockout import Lockout, LockoutRules
from auth_service.limits.service import Limits
from auth_service.mail.delivery import Delivery, DeliveryWork, Links
from auth_service.mail.jobs import LETTERS, MailWorker, build_jobs
from auth_service.mail.mailers import FileMailer, Mailer, SmtpMailer
from auth_service.mail.outbox import Outbox
from auth_service.mail.rendering import Renderer
from auth_service.models import AUDIT_CHAIN
from auth_service.oidc.accounts import DirectoryAccounts
from auth_service.oidc.directory import Directory
from auth_service.oidc.mappings import DirectoryAdministration
from auth_service.oidc.repository import (
    MappingRepository,
    SignInCodeRepository,
    UsedStates,
)
from auth_service.oidc.service import Directories, DirectorySignIn, DirectoryWork
from auth_service.oidc.state import StateCipher, StateCookies
from auth_service.passwords.breached import BreachedPasswords
from auth_service.passwords.hashing import PasswordHasher, PoolRules
from auth_service.passwords.policy import PasswordPolicy
from auth_service.passwords.recovery import Recovery
from auth_service.passwords.scheme import HashingCost, PasswordScheme, Peppering
from auth_service.passwords.service import (
    CurrentPassword,
    NewPasswords,
    PasswordService,
    PasswordWork,
)
from auth_service.revocations.rules import LEEWAY, PendingRevocations, RevocationRules
from auth_service.revocations.store import Publisher, RevocationStore
from auth_service.seeding import Seeding, SeedingWork
from auth_service.sessions.refresh_tokens import CombinedStatements, RefreshTokens
from auth_service.sessions.repository import RefreshTokenRepository, SessionRepository
from auth_service.sessions.service import SessionRules, SessionService
from auth_service.settings import AuthSettings
from auth_service.signin.code_step import CodeStep, CodeWork
from auth_service.signin.gate import FactorGate
from auth_service.signin.issuing import SessionTokens
from auth_service.signin.me_router import Profile
from auth_service.signin.router import RefreshCookie
from auth_service.signin.second_step import SecondStep, SecondStepWork
from auth_service.signin.service import SignIn, SignInWork
from auth_service.signin.step_up import SteppingUp, StepUpWork
from auth_service.tokens.feed import RevocationFeed
from auth_service.tokens.rebuild import CurrentRevocations, Rebuild
from auth_service.tokens.repository import RevokedTokenRepository
from auth_service.tokens.service import TokenService
from auth_service.units import AfterCommit, AuthUnits, RequestOrigin
from auth_service.users.administrators import Administrators
from auth_service.users.court_groups import CourtGroups
from auth_service.users.email_changes import (
    EmailChangeRepository,
    EmailChanges,
    EmailLinkRepository,
)
from auth_service.users.identities import Identities, IdentityRepository
from auth_service.users.obligation import FactorRules
from auth_service.users.one_time_codes import OneTimeCodeRepository, OneTimeCodes
from auth_service.users.password_tokens import (
    PasswordTokenRepository,
    PasswordTokens,
    TokenLifetimes,
)
from auth_service.users.repository import GrantRepository, GroupRepository, UserRepository
from auth_service.users.service import UserService
from common.audit.checkpoints import CheckpointKeys
from common.audit.lag import SealingLag
from common.audit.maintenance import chain_services
from common.clock import Clock, SystemClock
from common.composition import Registry, register
from common.database import Database
from common.http_client import ForeignServer
from common.keyset import Pager
from common.pages import CursorSigner
from common.redis_client import connect_redis
from common.sampling import Sampler

# Requests do not wait longer for a Redis that is unavailable.
REDIS_SECONDS: Final = 0.5
# A directory that is slow keeps a user waiting, and a request.
DIRECTORY_SECONDS: Final = 5.0
MAX_DIRECTORY_BYTES: Final = 512 * 1024
# Built by the types of their fields.
SERVICES: Final[tuple[type[Any], ...]] = (
    AccountUse,
    Administration,
    Administrators,
    Anonymising,
    AfterCommit,
    AuditEventRepository,
    AuditExport,
    AuditLog,
    AuditReading,
    ChallengeRepository,
    Challenges,
    ClientAuthentication,
    ClientCutoffs,
    ClientRegistry,
    ClientRepository,
    ClientService,
    CodeStep,
    CodeWork,
    CombinedStatements,
    CourtGroups,
    CurrentPassword,
    CurrentRevocations,
    CutoffRepository,
    DeliveryWork,
    Dormancy,
    DormancyWork,
    DirectoryAccounts,
    DirectoryAdministration,
    DirectorySignIn,
    DirectoryWork,
    EmailChangeRepository,
    EmailChanges,
    EmailLinkRepository,
    EmailService,
    FactorGate,
    FactorRepository,
    FactorService,
    FactorSweep,
    GrantRepository,
    Granting,
    GroupRepository,
    Support,
    Housekeeping,
    Identities,
    IdentityRepository,
    KeyService,
    Lockout,
    MappingRepository,
    NewPasswords,
    OneTimeCodeRepository,
    OneTimeCodes,
    Outbox,
    OwnEmail,
    OwnFactors,
    PasswordService,
    PasswordTokenRepository,
    PasswordTokens,
    PasswordWork,
    PendingRevocations,
    Profile,
    Rebuild,
    Recovery,
    RecoveryCodeRepository,
    RefreshTokenRepository,
    RevocationFeed,
    RevokedTokenRepository,
    SecondStep,
    SecondStepWork,
    Seeding,
    SeedingWork,
    ServiceTokens,
    SessionRepository,
    SignInCodeRepository,
    SessionService,
    SessionTokens,
    SignIn,
    SignInHistory,
    SignInWork,
    SigningKeyRepository,
    StepUpWork,
    SteppingUp,
    TokenService,
    UsedStates,
    UserImport,
    UserRepository,
    UserService,
)


def wire(settings: AuthSettings, clock: Clock | None = None) -> AuthUnits:
    """Everything from the settings; nothing connects before it is used."""
    clock, registry = clock or SystemClock(), Registry()
    database = Database.connect(settings.database_url.get_secret_value())
    redis = connect_redis(
        settings.redis_url.get_secret_value(), REDIS_SECONDS, decode_responses=True
    )
    directories = ForeignServer(timeout_seconds=DIRECTORY_SECONDS, max_bytes=MAX_DIRECTORY_BYTES)
    hasher = _hasher(settings)
    publisher = Publisher(RevocationStore(redis, clock))
    units = AuthUnits(
        registry=registry, database=database, of_request=RequestOrigin.values, publisher=publisher
    )
    registry.register_value(Database, database, on_registry_close=database.close)
    registry.register_value(RevocationStore, publisher.store, on_registry_close=redis.aclose)
    registry.register_value(ForeignServer, directories, on_registry_close=directories.aclose)
    registry.register_value(PasswordHasher, hasher, on_registry_close=hasher.close)
    register(
        registry,
        {
            AuthSettings: settings,
            Clock: clock,
            Pager: Pager(CursorSigner(settings.cursor_key.get_secret_value().encode())),
            Publisher: publisher,
            RequestOrigin: RequestOrigin(),  # of the command line
            Limits: Limits(settings.policies, SharedLimits(redis)),
        }
        | _rules(settings)
        | _keys(settings, clock)
        | _audit(settings, database, clock)
        | _mail(settings, units, clock)
        | _directories(settings, directories, clock),
        SERVICES,
    )
    return units


def _rules(settings: AuthSettings) -> dict[type[Any], object]:
    refresh_key = settings.refresh_derivation_key.get_secret_value()
    breached = BreachedPasswords(settings.breached_passwords)
    cookie = RefreshCookie(settings.https, settings.cookie_same_site, settings.origins)
    return {
        ClientRules: ClientRules(timedelta(seconds=settings.client_secret_overlap_seconds)),
        DormancyRules: DormancyRules(
            unused=timedelta(days=settings.dormant_days),
            warning=timedelta(days=settings.dormant_warning_days),
            retention=timedelta(days=settings.anonymise_days),
        ),
        FactorRules: FactorRules(
            settings.obliged_roles, timedelta(days=settings.factor_grace_days)
        ),
        Passkeys: Passkeys(settings.passkeys_of, tuple(sorted(settings.origins))),
        EmailRules: EmailRules(frozenset(settings.email_special_use_domains)),
        LockoutRules: LockoutRules(
            settings.backoff_after_failures,
            settings.backoff_max_seconds,
            settings.password_max_failures,
        ),
        PasswordPolicy: PasswordPolicy(settings.password_min_characters, breached),
        DeviceCookie: DeviceCookie(settings.https, settings.cookie_same_site),
        Devices: Devices(refresh_key.encode()),
        RefreshCookie: cookie,
        RefreshTokens: RefreshTokens(refresh_key.encode()),
        RevocationRules: RevocationRules(settings.access_token_seconds),
        SessionRules: SessionRules(
            idle=timedelta(days=settings.session_idle_days),
            absolute=timedelta(days=settings.session_absolute_days),
            window=timedelta(seconds=settings.refresh_window_seconds),
            recent=timedelta(seconds=settings.reauthentication_seconds),
            device_letters=settings.device_letters,
        ),
        TokenLifetimes: TokenLifetimes(
            reset=timedelta(seconds=settings.reset_token_seconds),
            invitation=timedelta(hours=settings.invitation_hours),
        ),
    }


def _keys(settings: AuthSettings, clock: Clock) -> dict[type[Any], object]:
    secrets = tuple(key.get_secret_value() for key in settings.key_encryption_key)
    cipher = KeyCipher(secrets)
    ring = KeyRing(cipher)
    user_seconds, service_seconds = settings.access_token_seconds, settings.service_token_seconds
    return {
        FactorCipher: FactorCipher(secrets),
        KeyCipher: cipher,
        KeyRing: ring,
        KeyRules: KeyRules(
            token_life=timedelta(seconds=max(user_seconds, service_seconds)) + LEEWAY,
            algorithm=settings.signing_algorithm,
            rotation_days=settings.key_rotation_days,
            jwks_seconds=settings.jwks_seconds,
            reload_seconds=settings.key_reload_seconds,
        ),
        TokenIssuer: TokenIssuer(ring, settings.issuer, clock, user_seconds, service_seconds),
        Discovery: Discovery(settings.issuer, settings.public_url, settings.jwks_seconds),
    }


def _audit(settings: AuthSettings, database: Database, clock: Clock) -> dict[type[Any], object]:
    # The keys that encrypt signing keys come last: they signed before there were audit keys.
    secrets = (*settings.audit_keys, *settings.key_encryption_key)
    keys = CheckpointKeys(tuple(key.get_secret_value() for key in secrets))
    chain = chain_services(AUDIT_CHAIN, database, clock, keys, settings.audit_anchors)
    samples = (SealingLag(AUDIT_CHAIN).sample, LETTERS.sample)
    return chain | {Sampler: Sampler(database, samples)}


def _mail(settings: AuthSettings, units: AuthUnits, clock: Clock) -> dict[type[Any], object]:
    jobs = build_jobs(settings.database_url.get_secret_value())
    folder = settings.mail_folder
    mailer: Mailer = FileMailer(folder) if folder else SmtpMailer(settings.smtp_server)
    links = Links(settings.password_link, settings.public_url, settings.email_link)
    delivery = Delivery(units, Renderer(settings.mail_from), mailer, links, clock)
    return {App: jobs, MailWorker: MailWorker(jobs, delivery)}


def _directories(
    settings: AuthSettings, server: ForeignServer, clock: Clock
) -> dict[type[Any], object]:
    secrets = settings.oidc_secrets
    every = [Directory(each, secrets[each.id], server) for each in settings.oidc_providers]
    cipher = StateCipher(tuple(key.get_secret_value() for key in settings.key_encryption_key))
    return {
        Directories: Directories(every, settings.public_url.rstrip("/"), settings.oidc_return_urls),
        StateCookies: StateCookies(settings.https, cipher, clock),
    }


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

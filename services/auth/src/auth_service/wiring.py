"""The composition: it names every concrete class, and `values` makes those that need settings.

The API and the commands are built from it.
"""

from typing import Any, Final

from auth_service import values
from auth_service.administration.anonymising import Anonymising
from auth_service.administration.dormancy import Dormancy, DormancyWork
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
from auth_service.clients.registry import ClientRegistry
from auth_service.clients.repository import ClientRepository, CutoffRepository
from auth_service.clients.router import ServiceTokens
from auth_service.clients.service import ClientService
from auth_service.emails.own import OwnEmail
from auth_service.emails.service import EmailService
from auth_service.factors.challenges import Challenges
from auth_service.factors.own import OwnFactors
from auth_service.factors.repository import (
    ChallengeRepository,
    FactorRepository,
    RecoveryCodeRepository,
)
from auth_service.factors.service import FactorService
from auth_service.factors.sweep import FactorSweep
from auth_service.housekeeping import Housekeeping
from auth_service.importing import UserImport
from auth_service.keys.repository import SigningKeyRepository
from auth_service.keys.service import KeyService
from auth_service.limits.counting import SharedLimits
from auth_service.limits.lockout import Lockout
from auth_service.limits.service import Limits
from auth_service.mail.delivery import DeliveryWork
from auth_service.mail.outbox import Outbox
from auth_service.oidc.accounts import DirectoryAccounts
from auth_service.oidc.logout import DirectoryLogout, LogoutWork
from auth_service.oidc.mappings import DirectoryAdministration
from auth_service.oidc.repository import (
    DirectorySessionRepository,
    MappingRepository,
    SignInCodeRepository,
    UsedStates,
)
from auth_service.oidc.service import DirectorySignIn, DirectoryWork
from auth_service.passwords.hashing import PasswordHasher
from auth_service.passwords.recovery import Recovery
from auth_service.passwords.service import (
    CurrentPassword,
    NewPasswords,
    PasswordService,
    PasswordWork,
)
from auth_service.revocations.rules import PendingRevocations
from auth_service.revocations.store import Publisher, RevocationStore
from auth_service.seeding import Seeding, SeedingWork
from auth_service.sessions.device_letters import DeviceLetters
from auth_service.sessions.refresh_tokens import CombinedStatements
from auth_service.sessions.repository import RefreshTokenRepository, SessionRepository
from auth_service.sessions.service import SessionService
from auth_service.settings import AuthSettings
from auth_service.signin.code_step import CodeStep, CodeWork
from auth_service.signin.gate import FactorGate
from auth_service.signin.issuing import SessionTokens
from auth_service.signin.me_router import Profile
from auth_service.signin.second_step import SecondStep, SecondStepWork
from auth_service.signin.service import SignIn, SignInWork
from auth_service.signin.step_up import SteppingUp, StepUpWork
from auth_service.tokens.feed import RevocationFeed
from auth_service.tokens.floors import FloorRepository, RestoreFloors
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
from auth_service.users.one_time_codes import OneTimeCodeRepository, OneTimeCodes
from auth_service.users.password_tokens import (
    PasswordTokenRepository,
    PasswordTokens,
)
from auth_service.users.repository import GrantRepository, GroupRepository, UserRepository
from auth_service.users.service import UserService
from common.clock import Clock, SystemClock
from common.composition import Registry, register
from common.database import Database
from common.http_client import ForeignServer
from common.keyset import Pager
from common.pages import CursorSigner
from common.redis_client import connect_redis

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
    DeviceLetters,
    DirectoryAccounts,
    DirectoryAdministration,
    DirectoryLogout,
    DirectorySessionRepository,
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
    FloorRepository,
    GrantRepository,
    Granting,
    GroupRepository,
    Support,
    Housekeeping,
    Identities,
    IdentityRepository,
    KeyService,
    Lockout,
    LogoutWork,
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
    RestoreFloors,
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
    database = Database.connect(
        settings.database_url.get_secret_value(), spare_password=settings.database_spare_password
    )
    redis = connect_redis(
        settings.redis_url.get_secret_value(), REDIS_SECONDS, decode_responses=True
    )
    directories = ForeignServer(timeout_seconds=DIRECTORY_SECONDS, max_bytes=MAX_DIRECTORY_BYTES)
    hasher = values.hasher(settings)
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
            Pager: Pager(CursorSigner.of(settings.cursor_key)),
            Publisher: publisher,
            RequestOrigin: RequestOrigin(),  # of the command line
            Limits: Limits(settings.policies, SharedLimits(redis)),
        }
        | values.rules(settings)
        | values.keys(settings, clock)
        | values.audit(settings, database, clock)
        | values.mail(settings, units, clock)
        | values.directories(settings, directories, clock),
        SERVICES,
    )
    return units

"""What lives as long as the process, made from the settings."""

from datetime import timedelta
from typing import Any

from procrastinate import App

from auth_service.administration.dormancy import DormancyRules
from auth_service.clients.registry import ClientRules
from auth_service.factors.passkeys import Passkeys
from auth_service.fields import EmailRules
from auth_service.keys.cipher import FactorCipher, KeyCipher
from auth_service.keys.issuer import KeyRing, TokenIssuer
from auth_service.keys.router import Discovery
from auth_service.keys.service import KeyRules
from auth_service.limits.device_cookie import DeviceCookie
from auth_service.limits.devices import Devices
from auth_service.limits.lockout import LockoutRules
from auth_service.mail.delivery import Delivery, Links
from auth_service.mail.jobs import LETTERS, MailWorker, build_jobs
from auth_service.mail.mailers import FileMailer, Mailer, NoMailer, SmtpMailer
from auth_service.mail.rendering import Renderer
from auth_service.models import AUDIT_CHAIN
from auth_service.oidc.directory import Directory
from auth_service.oidc.service import Directories
from auth_service.oidc.state import StateCipher, StateCookies
from auth_service.passwords.breached import BreachedPasswords
from auth_service.passwords.hashing import PasswordHasher, PoolRules
from auth_service.passwords.policy import PasswordPolicy
from auth_service.passwords.scheme import HashingCost, PasswordScheme, Peppering
from auth_service.revocations.rules import LEEWAY, RevocationRules
from auth_service.sessions.opening import SessionRules
from auth_service.sessions.refresh_tokens import RefreshTokens
from auth_service.settings import AuthSettings
from auth_service.signin.router import RefreshCookie
from auth_service.units import AuthUnits
from auth_service.users.obligation import FactorRules
from auth_service.users.password_tokens import (
    TokenLifetimes,
)
from common.audit.checkpoints import CheckpointKeys
from common.audit.lag import SealingLag
from common.audit.maintenance import chain_services
from common.backups import sample_backups
from common.clock import Clock
from common.database import Database
from common.http_client import ForeignServer
from common.sampling import Sampler


def rules(settings: AuthSettings) -> dict[type[Any], object]:
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
        Devices: Devices(refresh_key.encode(), settings.assertion_keys[0].get_secret_value()),
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


def keys(settings: AuthSettings, clock: Clock) -> dict[type[Any], object]:
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


def audit(settings: AuthSettings, database: Database, clock: Clock) -> dict[type[Any], object]:
    keys = CheckpointKeys(tuple(key.get_secret_value() for key in settings.audit_keys))
    chain = chain_services(AUDIT_CHAIN, database, clock, keys, settings.audit_anchors)
    samples = (SealingLag(AUDIT_CHAIN).sample, LETTERS.sample, sample_backups)
    return chain | {Sampler: Sampler(database, samples)}


def mail(settings: AuthSettings, units: AuthUnits, clock: Clock) -> dict[type[Any], object]:
    database_url = settings.database_url.get_secret_value()
    jobs = build_jobs(database_url, settings.database_spare_password)
    links = Links(settings.password_link, settings.public_url, settings.email_link)
    delivery = Delivery(units, Renderer(settings.mail_from), mailer(settings), links, clock)
    return {App: jobs, MailWorker: MailWorker(jobs, delivery)}


def mailer(settings: AuthSettings) -> Mailer:
    if settings.mail_folder is not None:
        return FileMailer(settings.mail_folder)
    server = settings.smtp_server
    return NoMailer() if server is None else SmtpMailer(server)


def directories(
    settings: AuthSettings, server: ForeignServer, clock: Clock
) -> dict[type[Any], object]:
    secrets = settings.oidc_secrets
    every = [Directory(each, secrets[each.id], server) for each in settings.oidc_providers]
    cipher = StateCipher(tuple(key.get_secret_value() for key in settings.key_encryption_key))
    return {
        Directories: Directories(every, settings.public_url.rstrip("/"), settings.oidc_return_urls),
        StateCookies: StateCookies(settings.https, cipher, clock),
    }


def hasher(settings: AuthSettings) -> PasswordHasher:
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

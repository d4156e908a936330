"""Core's clients of auth's internal API."""

from dataclasses import dataclass
from typing import Final

from common.http_client import ClientCredentials, ServiceClient
from common.revocations import SCOPE as REVOCATIONS_SCOPE
from core_service.settings import CoreSettings
from core_service.users.grants import SCOPE as GRANTS_SCOPE

AUTH_AUDIENCE: Final = "auth"
AUTH_SCOPES: Final = f"users:read {REVOCATIONS_SCOPE} {GRANTS_SCOPE}"
REQUEST_TIMEOUT_SECONDS: Final = 1.0
JOB_TIMEOUT_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class AuthClients:
    """One client for what requests need, one for jobs, which may wait longer for an answer."""

    for_tokens: ServiceClient
    for_requests: ServiceClient
    for_jobs: ServiceClient

    @classmethod
    def build(cls, settings: CoreSettings) -> "AuthClients":
        """The clients, which share core's own service token; none connects before it is used."""
        # Short: an answer without names is better than one that waits for them.
        for_tokens = ServiceClient(
            settings.auth_url, timeout_seconds=REQUEST_TIMEOUT_SECONDS, attempts=1
        )
        tokens = ClientCredentials(
            for_tokens,
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            resource=AUTH_AUDIENCE,
            scope=AUTH_SCOPES,
        )
        for_requests = ServiceClient(
            settings.auth_url, tokens=tokens, timeout_seconds=REQUEST_TIMEOUT_SECONDS, attempts=1
        )
        for_jobs = ServiceClient(
            settings.auth_url, tokens=tokens, timeout_seconds=JOB_TIMEOUT_SECONDS
        )
        return cls(for_tokens, for_requests, for_jobs)

    async def close(self) -> None:
        """Close every connection."""
        for client in (self.for_requests, self.for_jobs, self.for_tokens):
            await client.aclose()

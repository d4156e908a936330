"""Core's settings in tests."""

from datetime import UTC, datetime
from typing import Final

from pydantic import SecretStr

from core_service.settings import CoreSettings

SERVICE_ROLE: Final = "core_of_tests"  # a local stack of other tests may share the server
ISSUER: Final = "http://issuer.test"
ASSERTION_KEY: Final = "assertion-key-of-the-tests-0123456789"
NOW: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
# The discard port: a connection is refused at once, as when auth is unavailable.
UNUSED_URL: Final = "http://127.0.0.1:9"


def make_settings(database_url: str) -> CoreSettings:
    """Settings for a database; auth is unavailable."""
    return CoreSettings(
        database_url=SecretStr(database_url),
        issuer=ISSUER,
        auth_url=UNUSED_URL,
        client_secret=SecretStr("client-secret-of-the-tests-0123456789"),
        assertion_keys=(SecretStr(ASSERTION_KEY),),
        cursor_key=(SecretStr("cursor-key-of-the-tests-0123456789ab"),),
        audit_keys=(SecretStr("audit-key-of-the-tests-0123456789abc"),),
    )

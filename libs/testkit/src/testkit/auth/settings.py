"""Settings for tests: made-up secrets, cheap hashing."""

from typing import Any, Final

from auth_service.limits.settings import LimitSettings
from auth_service.settings import AuthSettings
from common.assertions import derive_key

SERVICE_ROLE: Final = "auth_of_tests"  # a local stack of other tests may share the server
GATEWAY_SECRET: Final = "gateway-secret-of-the-tests-0123456789"  # noqa: S105 - made up
ASSERTION_KEY: Final = derive_key(GATEWAY_SECRET, "auth")
ISSUER: Final = "http://127.0.0.1:8080"
ORIGIN: Final = "http://localhost:3000"
# So high that they affect only the tests of the limits.
LIMITS: Final = tuple(name for name in LimitSettings.model_fields if name.startswith("limit_"))


def make_settings(database_url: str, redis_url: str, **changes: Any) -> AuthSettings:
    """Settings that need no environment; `changes` go over the defaults."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "redis_url": redis_url,
        "issuer": ISSUER,
        "public_url": ISSUER,
        "key_encryption_key": "key-encryption-key-of-the-tests-0123456789",
        "refresh_derivation_key": "refresh-derivation-key-of-the-tests-0123456789",
        "cursor_key": "cursor-key-of-the-tests-0123456789",
        "audit_keys": "audit-key-of-the-tests-0123456789",
        "assertion_keys": ASSERTION_KEY,
        "allowed_origins": ORIGIN,
        "hash_memory_kib": 64,
        "hash_time_cost": 1,
        "hash_queue": 200,
        "factor_roles": "none",
        "device_letters": False,  # the tests of other letters sign in on new devices all the time
        "mail": "file:/nonexistent",  # a test that sends mail unintentionally fails
        **dict.fromkeys(LIMITS, "100000/60"),
    }
    return AuthSettings.model_validate(values | changes)

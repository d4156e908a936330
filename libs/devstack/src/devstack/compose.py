"""The secrets of a stack in containers, as docker-compose.yml names them."""

import secrets

from devstack.secrets import StackSecrets


def compose_environment() -> dict[str, str]:
    """Every variable that the compose file requires, each call with new random values."""
    kept = StackSecrets()
    return {
        "POSTGRES_PASSWORD": secrets.token_hex(32),
        "REDIS_PASSWORD": secrets.token_hex(32),
        "AUTH_DATABASE_PASSWORD": kept.auth_database_password,
        "AUTH_KEY_ENCRYPTION_KEY": kept.auth_key_encryption_key,
        "AUTH_REFRESH_DERIVATION_KEY": kept.auth_refresh_derivation_key,
        "AUTH_CURSOR_KEY": kept.auth_cursor_key,
        "AUTH_ASSERTION_KEYS": kept.assertion_key("auth"),
        "CORE_DATABASE_PASSWORD": kept.core_database_password,
        "CORE_CLIENT_SECRET": kept.core_client_secret,
        "CORE_CURSOR_KEY": kept.core_cursor_key,
        "CORE_ASSERTION_KEYS": kept.assertion_key("core"),
        "GATEWAY_ASSERTION_SECRET": kept.gateway_assertion_secret,
        "MASIJALA_DEMO_PASSWORD": kept.demo_password,
    }

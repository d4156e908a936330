"""The environment of a real worker process."""

import os

from core_service.settings import CoreSettings


def worker_environment(settings: CoreSettings, auth_url: str) -> dict[str, str]:
    """What `python -m core_service.worker` needs to work on a test's database."""
    return os.environ | {
        "CORE_DATABASE_URL": settings.database_url.get_secret_value(),
        "CORE_ISSUER": settings.issuer,
        "CORE_AUTH_URL": auth_url,
        "CORE_CLIENT_SECRET": settings.client_secret.get_secret_value(),
        "CORE_ASSERTION_KEYS": settings.assertion_keys[0].get_secret_value(),
        "CORE_CURSOR_KEY": settings.cursor_key.get_secret_value(),
    }

"""Makes every secret of the compose stack once, each where only its service can read it.

Runs as a one-shot container with one volume per service below /secrets. A file that is there
stays, so a restart changes nothing; to change a secret, replace its file. Services read the files
as Docker or Kubernetes secrets, from /run/secrets; an environment variable goes before a file.
"""

import os
import secrets
from pathlib import Path

from common.assertions import derive_key

ROOT = Path("/secrets")
DEMO = Path("/demo")  # where core tells auth which courts are the demo's
SERVICE_USER = 10001  # the account in the services' images
DATA_USER = 0  # the database images start as root and drop it themselves


def main() -> None:
    """Write what is missing."""
    os.chown(DEMO, SERVICE_USER, SERVICE_USER)
    keep("postgres", "postgres_password", random())
    auth_database = keep("postgres", "auth_database_password", random())
    core_database = keep("postgres", "core_database_password", random())
    redis = keep("redis", "redis_password", random())
    assertions = keep("gateway", "gateway_assertion_secret", random())
    client = keep("core", "core_client_secret", random())
    keep("gateway", "gateway_redis_url", f"redis://:{redis}@redis:6379/0")
    keep("core", "core_database_url", f"postgresql://core:{core_database}@postgres:5432/core")
    keep("core", "core_assertion_keys", derive_key(assertions, "core"))
    keep("core", "core_cursor_key", random())
    keep("auth", "auth_database_url", f"postgresql://auth:{auth_database}@postgres:5432/auth")
    keep("auth", "auth_redis_url", f"redis://:{redis}@redis:6379/0")
    keep("auth", "auth_assertion_keys", derive_key(assertions, "auth"))
    for name in ("auth_key_encryption_key", "auth_refresh_derivation_key", "auth_cursor_key"):
        keep("auth", name, random())
    keep("auth", "auth_client_secret", client)
    given = os.environ.get("MASIJALA_DEMO_PASSWORD") or f"demo-{secrets.token_urlsafe(12)}"
    password = keep("auth", "auth_demo_password", given)
    if os.environ.get("MASIJALA_DEMO") == "1":
        print(f"demo sign-ins: admin@, clerk@, viewer@masijala.example, password {password}")  # noqa: T201 - for `docker-compose logs setup`


def random() -> str:
    """256 random bits in hex."""
    return secrets.token_hex(32)


def keep(service: str, name: str, value: str) -> str:
    """The secret's value: the one in its file, or this one, now in its file."""
    path = ROOT / service / name
    if path.exists():
        return path.read_text()
    partial = path.with_suffix(".new")
    partial.write_text(value)
    owner = DATA_USER if service in {"postgres", "redis"} else SERVICE_USER
    os.chown(partial, owner, owner)
    partial.chmod(0o400)
    partial.replace(path)
    return value


if __name__ == "__main__":
    main()

"""Makes every secret of the stack once, each where only its service can read it.

Compose runs it as a one-shot container with one volume per service below /secrets; for Kubernetes
each folder below SECRETS_ROOT becomes a Secret. A file that is there stays, so a restart changes
nothing; to change a secret, replace its file. Services read the files from /run/secrets; an
environment variable goes before a file.
"""

import os
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from common.assertions import derive_key
from gateway.traefik.certificates import Pair, make_pair

ROOT = Path(os.environ.get("SECRETS_ROOT", "/secrets"))
DEMO = Path("/demo")  # where core tells auth which courts are the demo's
ANCHORS = (Path("/anchors/auth"), Path("/anchors/core"))
SERVICE_USER = 10001  # the account in the services' images
DATA_USER = 0  # the database images start as root and drop it themselves


def main() -> None:
    """Write what is missing."""
    for folder in (DEMO, *ANCHORS):
        if folder.exists():
            os.chown(folder, SERVICE_USER, SERVICE_USER)
    keep("postgres", "postgres_password", random())
    for name in ("auth", "core"):
        database_urls(name)
    redis = keep("redis", "redis_password", random())
    assertions = keep("gateway", "gateway_assertion_secret", random())
    client = keep("core", "core_client_secret", random())
    keep("gateway", "gateway_redis_url", f"redis://:{redis}@redis:6379/0")
    keep("core", "core_assertion_keys", derive_key(assertions, "core"))
    keep("core", "core_cursor_key", random())
    keep("auth", "auth_redis_url", f"redis://:{redis}@redis:6379/0")
    keep("auth", "auth_assertion_keys", derive_key(assertions, "auth"))
    for name in ("auth_key_encryption_key", "auth_refresh_derivation_key", "auth_cursor_key"):
        keep("auth", name, random())
    keep("auth", "auth_client_secret", client)
    certify()
    given = os.environ.get("MASIJALA_DEMO_PASSWORD") or f"demo-{secrets.token_urlsafe(12)}"
    password = keep("auth", "auth_demo_password", given)
    if os.environ.get("MASIJALA_DEMO") == "1":
        print(f"demo sign-ins: admin@, clerk@, viewer@masijala.example, password {password}")  # noqa: T201 - for `docker-compose logs setup`


def database_urls(name: str) -> None:
    """A database as its service reaches it, and as its owner, whose URL migrations alone get."""
    owner_password = keep("postgres", f"{name}_database_password", random())
    password = keep("postgres", f"{name}_service_database_password", random())
    owner = f"postgresql://{name}:{owner_password}@postgres:5432/{name}"
    service = f"postgresql://{name}_service:{password}@postgres:5432/{name}"
    keep(f"{name}-owner", f"{name}_migration_database_url", owner)
    if keep(name, f"{name}_database_url", service) == owner:
        replace(name, f"{name}_database_url", service)  # where the service was the owner


def certify() -> None:
    """Certificates: of the policy, for Traefik, and of Traefik, until the operator has another.

    Each side gets what it shows, and of the other only by what it is known. The authority of the
    HTTPS certificate lies with the policy too, for people to look up.
    """
    with TemporaryDirectory() as folder:
        here = Path(folder)
        for name, hosts in (("policy", ("policy",)), ("https", public_hosts())):
            pair = Pair(here / f"{name}.pem", here / f"{name}-key.pem")
            make_pair(here / f"{name}-authority.pem", pair, hosts)
        owners = {"policy": "gateway", "https": "traefik"}
        for name, owner in owners.items():
            if (ROOT / owner / f"{name}.pem").exists():
                continue
            for part in ("-key.pem", "-authority.pem", ".pem"):
                content = (here / f"{name}{part}").read_text()
                for service in {owner} if part == "-key.pem" else {"gateway", "traefik"}:
                    replace(service, f"{name}{part}", content)


def public_hosts() -> tuple[str, ...]:
    """What people may call the system by."""
    named = urlsplit(os.environ.get("PUBLIC_URL", "")).hostname
    return tuple(dict.fromkeys(host for host in (named, "localhost", "127.0.0.1", "::1") if host))


def random() -> str:
    """256 random bits in hex."""
    return secrets.token_hex(32)


def keep(service: str, name: str, value: str) -> str:
    """The secret's value: the one in its file, or this one, now in its file."""
    path = ROOT / service / name
    if path.exists():
        return path.read_text()
    replace(service, name, value)
    return value


def replace(service: str, name: str, value: str) -> None:
    """Put the value into its file in one step, for its service's account alone."""
    path = ROOT / service / name
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".new")
    partial.write_text(value)
    owner = DATA_USER if service in {"postgres", "redis"} else SERVICE_USER
    if os.geteuid() == 0:
        os.chown(partial, owner, owner)
    partial.chmod(0o400)
    partial.replace(path)


if __name__ == "__main__":
    main()

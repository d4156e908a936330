"""Makes every secret of the stack once, and gives each service those that it needs.

The folder `store` is the one place where they are stored. What services read in /run/secrets is
written from it at every start, so that no older value stays anywhere. Compose runs this as a
one-shot container with one volume per service below /secrets; for Kubernetes each folder below
SECRETS_ROOT, except `store`, becomes a Secret. An environment variable goes before a file.

`make_secrets.py introduce|swap|retire NAME…` takes one step of replacing secrets: `make rotate`.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from common.assertions import derive_key
from common.secret_values import SecretValue, Stage, new_secret
from gateway.traefik.certificates import Pair, is_due, make_pair

ROOT = Path(os.environ.get("SECRETS_ROOT", "/secrets"))
DEMO = Path("/demo")  # where core tells auth which courts are the demo's
TRAEFIK = Path("/traefik")  # whose configuration the gateway's account writes
ANCHORS = (Path("/anchors/auth"), Path("/anchors/core"))
SERVICE_USER = 10001  # the account in the services' images
DATA_USER = 0  # the database images start as root and drop it themselves
DATA_OWNED = {"postgres", "redis", "store"}
# Where a stack of before the store has a value; the last two had another purpose as well.
FORMERLY = {
    "postgres_password": "postgres/postgres_password",
    "auth_database_password": "postgres/auth_database_password",
    "auth_service_database_password": "postgres/auth_service_database_password",
    "core_database_password": "postgres/core_database_password",
    "core_service_database_password": "postgres/core_service_database_password",
    "redis_password": "redis/redis_password",
    "gateway_assertion_secret": "gateway/gateway_assertion_secret",
    "core_client_secret": "core/core_client_secret",
    "core_cursor_key": "core/core_cursor_key",
    "auth_key_encryption_key": "auth/auth_key_encryption_key",
    "auth_refresh_derivation_key": "auth/auth_refresh_derivation_key",
    "auth_cursor_key": "auth/auth_cursor_key",
    "auth_password_peppers": "auth/auth_password_peppers",
    "auth_demo_password": "auth/auth_demo_password",
    "backup_passphrase": "postgres/backup_passphrase",
    "auth_audit_key": "auth/auth_key_encryption_key",
    "core_audit_key": "core/core_cursor_key",
}
OF_POSTGRES = tuple(name for name in FORMERLY if FORMERLY[name].startswith("postgres/"))
AUDIT_KEYS = ("auth_audit_key", "core_audit_key")


def main(step: str = "", *names: str) -> None:
    """Make what is missing, or take a step; then write each service's files."""
    for folder in (DEMO, *ANCHORS, TRAEFIK, *TRAEFIK.rglob("*")):
        if folder.exists():
            os.chown(folder, SERVICE_USER, SERVICE_USER)
    values = complete(stored())
    if step:
        values |= {name: values[name].at(Stage(step), name) for name in names}
    store(values)
    for service, files in distributed(values).items():
        for name, value in files.items():
            if not is_elsewhere(service, name, value):
                write(service, name, value)
    certify()
    if step:
        print(json.dumps({name: asdict(values[name]) for name in names}))  # noqa: T201 - for `masijala rotate`
    elif os.environ.get("MASIJALA_DEMO") == "1":
        password = values["auth_demo_password"].current
        print(f"demo sign-ins: admin@, clerk@, viewer@masijala.example, password {password}")  # noqa: T201 - for `docker-compose logs setup`


def stored() -> dict[str, SecretValue]:
    """The store's content; of a stack from before there was one, what its services have."""
    file = ROOT / "store" / "secrets.json"
    if file.exists():
        return {
            name: SecretValue.read(value) for name, value in json.loads(file.read_text()).items()
        }
    found = {name: ROOT / path for name, path in FORMERLY.items()}
    values = {name: SecretValue(path.read_text()) for name, path in found.items() if path.exists()}
    # The key that signed until now goes on verifying; it signs no more.
    for name in AUDIT_KEYS:
        if name in values:
            values[name] = SecretValue(new_secret(name), previous=values[name].current)
    return values


def complete(values: dict[str, SecretValue]) -> dict[str, SecretValue]:
    """With those that were missing."""
    demo_password = os.environ.get("MASIJALA_DEMO_PASSWORD") or f"demo-{token_urlsafe(12)}"
    made = {name: new_secret(name) for name in FORMERLY} | {"auth_demo_password": demo_password}
    return {name: values.get(name, SecretValue(value)) for name, value in made.items()}


def store(values: Mapping[str, SecretValue]) -> None:
    """Write all of them down in one step."""
    content = {name: value.write() for name, value in values.items()}
    write("store", "secrets.json", json.dumps(content, indent=1))


def distributed(values: Mapping[str, SecretValue]) -> dict[str, dict[str, str]]:
    """Each service's files; an empty one counts as a setting that is not given."""
    now = {name: value.current for name, value in values.items()}
    every = {name: value.accepted for name, value in values.items()}
    redis = f"redis://:{now['redis_password']}@redis:6379/0"
    assertions = every["gateway_assertion_secret"].split(",")
    postgres = {name: value for name, value in now.items() if name in OF_POSTGRES}
    backups = values["backup_passphrase"]
    postgres |= {
        "postgres_spare_password": values["postgres_password"].spare or "",
        "backup_passphrase": backups.written,
        "backup_former_passphrases": backups.previous or "",
    }
    files = {
        "postgres": postgres,
        "redis": {"redis_password": now["redis_password"]},
        "gateway": {
            "gateway_assertion_secret": now["gateway_assertion_secret"],
            "gateway_redis_url": redis,
        },
        "core": {
            "core_client_secret": now["core_client_secret"],
            "core_cursor_key": every["core_cursor_key"],
            "core_audit_keys": values["core_audit_key"].signing,
        },
        "auth": {
            "auth_redis_url": redis,
            "auth_audit_keys": values["auth_audit_key"].signing,
            "auth_key_encryption_key": every["auth_key_encryption_key"],
            "auth_refresh_derivation_key": now["auth_refresh_derivation_key"],
            "auth_cursor_key": every["auth_cursor_key"],
            "auth_password_peppers": every["auth_password_peppers"],
            "auth_client_secret": now["core_client_secret"],
            "auth_demo_password": now["auth_demo_password"],
        },
    }
    for name in ("auth", "core"):
        password = now[f"{name}_service_database_password"]
        spare = values[f"{name}_service_database_password"].spare
        files[name] |= {
            f"{name}_assertion_keys": ",".join(derive_key(each, name) for each in assertions),
            f"{name}_database_url": f"postgresql://{name}_service:{password}@postgres:5432/{name}",
            f"{name}_database_spare_password": spare or "",
        }
        owner = f"postgresql://{name}:{now[f'{name}_database_password']}@postgres:5432/{name}"
        files[f"{name}-owner"] = {f"{name}_migration_database_url": owner}
    return files


def certify(now: datetime | None = None) -> None:
    """Certificates: of the policy, for Traefik, and of Traefik, until the operator has another.

    They are issued again 30 days before their end, and for another PUBLIC_URL. Each side gets what
    it shows, and of the other only by what it is known. The authority of the HTTPS certificate lies
    with the policy too, for people to look up.
    """
    moment = now or datetime.now(UTC)
    for name, owner, hosts in (
        ("policy", "gateway", ("policy",)),
        ("https", "traefik", public_hosts()),
    ):
        if is_due(ROOT / owner / f"{name}.pem", hosts, moment):
            issue(name, owner, hosts, moment)


def issue(name: str, owner: str, hosts: tuple[str, ...], now: datetime) -> None:
    """Sign one by its authority, whose key stays in the store, and hand it out."""
    with TemporaryDirectory() as folder:
        here = Path(folder)
        authority, key = here / f"{name}-authority.pem", here / "signing-key.pem"
        stored_as = {authority: f"{name}-authority.pem", key: f"{name}-authority-key.pem"}
        for path, file in stored_as.items():
            if (ROOT / "store" / file).exists():
                path.write_text((ROOT / "store" / file).read_text())
        pair = Pair(here / f"{name}.pem", here / f"{name}-key.pem")
        make_pair(authority, pair, hosts, signing_key=key, now=now)
        for path, file in stored_as.items():
            write("store", file, path.read_text())
        for path in (pair.key, authority, pair.certificate):
            for service in {owner} if path == pair.key else {"gateway", "traefik"}:
                write(service, path.name, path.read_text())


def public_hosts() -> tuple[str, ...]:
    """What people may call the system by."""
    named = urlsplit(os.environ.get("PUBLIC_URL", "")).hostname
    return tuple(dict.fromkeys(host for host in (named, "localhost", "127.0.0.1", "::1") if host))


def write(service: str, name: str, value: str) -> None:
    """Put the value into its file in one step, for its service's account alone; or remove that."""
    path = ROOT / service / name
    if not value:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_text() != value:
        path.parent.mkdir(exist_ok=True)
        partial = path.with_suffix(".new")
        partial.write_text(value)
        owner = DATA_USER if service in DATA_OWNED else SERVICE_USER
        if os.geteuid() == 0:
            os.chown(partial, owner, owner)
        partial.chmod(0o400)
        partial.replace(path)


def is_elsewhere(service: str, name: str, value: str) -> bool:
    """Whether an operator has put the URL of another server there."""
    path = ROOT / service / name
    if "://" not in value or not path.exists():
        return False
    return urlsplit(path.read_text()).hostname != urlsplit(value).hostname


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The `auth` command line: migrations, accounts, service clients, keys, and the audit log.

The service itself is imported by the commands that need it: `migrate` runs at every start.
"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer
from pydantic import SecretStr, TypeAdapter, ValidationError

from auth_service.audit_commands import app as audit_commands
from auth_service.commands import read_migration_settings, run_command
from common.database_roles import role_of, roles_of_settings
from common.errors import Unavailable
from common.identity import Grant, Role
from common.settings import StrongSecret

if TYPE_CHECKING:
    from auth_service.importing import ImportReport
    from auth_service.keys.models import SigningKey
    from auth_service.units import AuthUnits
    from auth_service.users.one_time_codes import IssuedCode

DEMO_DOMAIN: Final = "masijala.example"

app = typer.Typer(
    no_args_is_help=True, help="Administer the auth service.", pretty_exceptions_enable=False
)
app.add_typer(audit_commands)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema, as its owner; grant the service's role its part."""
    from auth_service.migrations import schema

    settings = read_migration_settings()
    with roles_of_settings("AUTH_"):
        role = role_of(settings.database_url.get_secret_value())
        schema.upgrade(settings.migration_database_url.get_secret_value(), service_role=role)


@app.command()
def create_admin(
    email: Annotated[str, typer.Option(help="the address by which the administrator signs in")],
    name: Annotated[str, typer.Option()],
    password: Annotated[
        str,
        typer.Option(
            envvar="AUTH_ADMIN_PASSWORD",
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            show_envvar=True,
        ),
    ],
) -> None:
    """Create an administrator of all courts."""
    from auth_service.seeding import Account, Seeding

    account = Account(email, name, password, Grant(Role.ADMIN))
    run_command(lambda auth: auth.get(Seeding).create(account))
    typer.echo(f"{email} can sign in now")


@app.command()
def seed_demo(
    clerk_courts: Annotated[str, typer.Option(help="court IDs, comma-separated")],
    password: Annotated[str, typer.Option(envvar="AUTH_DEMO_PASSWORD", show_envvar=True)],
) -> None:
    """Make sure that the demo accounts exist and have this password."""
    from auth_service.seeding import Account, Seeding

    try:
        courts = frozenset(map(UUID, _list(clerk_courts)))
    except ValueError:
        raise typer.BadParameter("--clerk-courts must be UUIDs") from None
    if not courts or not password:
        raise typer.BadParameter("give at least one court, and a password")
    accounts = (
        Account(f"admin@{DEMO_DOMAIN}", "Demo Administrator", password, Grant(Role.ADMIN)),
        Account(f"clerk@{DEMO_DOMAIN}", "Demo Clerk", password, Grant(Role.DATA_ENTRY, courts)),
        Account(f"viewer@{DEMO_DOMAIN}", "Demo Viewer", password, Grant(Role.VIEWER)),
    )
    run_command(lambda auth: auth.get(Seeding).ensure(accounts))
    typer.echo("The demo accounts are ready")


@app.command()
def reset_factors(
    email: Annotated[str, typer.Argument(help="the address of the user")],
) -> None:
    """Remove the second factors of a user who has lost them, such as the only administrator."""

    async def reset(auth: "AuthUnits") -> None:
        from auth_service.administration.support import Support

        async with auth.begin() as unit:
            await unit.get(Support).forget_factors_of(email)

    run_command(reset)
    typer.echo(f"{email} can sign in without a second factor now")


@app.command()
def issue_code(
    email: Annotated[str, typer.Argument(help="the address of the user")],
) -> None:
    """Print a one-time code for a user whom no mail reaches, to set a password with."""

    async def issue(auth: "AuthUnits") -> "IssuedCode":
        from auth_service.administration.support import Support

        async with auth.begin() as unit:
            return await unit.get(Support).issue_code_for(email)

    issued = run_command(issue)
    typer.echo(f"{issued.text} is good for {email} until {issued.expires_at:%d %B %Y, %H:%M} UTC")


@app.command()
def anonymise(
    email: Annotated[str, typer.Argument(help="the address of a deactivated user")],
) -> None:
    """Forget who a deactivated user was, for ever; the audit log and the registry stay whole."""

    async def forget(auth: "AuthUnits") -> None:
        from auth_service.administration.anonymising import Anonymising

        async with auth.begin() as unit:
            await unit.get(Anonymising).anonymise_by_email(email)

    run_command(forget)
    typer.echo(f"{email} is forgotten")


@app.command()
def change_email(
    email: Annotated[str, typer.Argument(help="the address by which the user signs in so far")],
    new_email: Annotated[str, typer.Argument(help="the new address")],
) -> None:
    """Give a user another address, such as the only administrator; mail goes to both."""

    async def change(auth: "AuthUnits") -> None:
        from auth_service.administration.service import Administration

        async with auth.begin() as unit:
            await unit.get(Administration).assign_email(email, new_email)

    run_command(change)
    typer.echo(f"{email} signs in as {new_email} now")


@app.command()
def ensure_client(
    client_id: Annotated[str, typer.Option()],
    scopes: Annotated[str, typer.Option(help="comma-separated")],
    audiences: Annotated[str, typer.Option(help="services it may call, comma-separated")],
    secret: Annotated[str, typer.Option(envvar="AUTH_CLIENT_SECRET", show_envvar=True)],
) -> None:
    """Make sure that a service client exists with exactly these scopes and audiences.

    It is made with this secret. A client that exists keeps its own: see set-client-secret.
    """
    strong = _strong(secret)

    async def ensure(auth: "AuthUnits") -> tuple[bool, bool]:
        from auth_service.clients.service import ClientService

        async with auth.begin() as unit:
            clients = unit.get(ClientService)
            changed = await clients.ensure(client_id, strong, _list(scopes), _list(audiences))
            return changed, await clients.has_secret(client_id, strong)

    changed, same = run_command(ensure)
    typer.echo(f"{client_id} is {'ready' if changed else 'unchanged'}")
    if not same:
        typer.echo(
            f"{client_id} has another secret than this one, which auth refuses: rotate it "
            "(docs/operations.md, Keys and secrets)",
            err=True,
        )


@app.command()
def set_client_secret(
    client_id: Annotated[str, typer.Option()],
    secret: Annotated[str, typer.Option(envvar="AUTH_CLIENT_SECRET", show_envvar=True)],
    overlap_seconds: Annotated[
        int, typer.Option(min=0, max=86_400, help="how long the secret before works as well")
    ] = 0,
) -> None:
    """Give a service client another secret; with the one that it has, change the overlap."""
    strong, overlap = _strong(secret), timedelta(seconds=overlap_seconds)

    async def change(auth: "AuthUnits") -> None:
        from auth_service.clients.service import ClientService

        async with auth.begin() as unit:
            await unit.get(ClientService).set_secret(client_id, strong, overlap)

    run_command(change)
    typer.echo(f"{client_id} has the new secret")


@app.command()
def import_users(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only check the file")] = False,
) -> None:
    """Create users from a CSV file: email,name,password_hash[,role,courts].

    Hashes are those of an older system (bcrypt, PBKDF2, argon2); each is replaced when the user
    signs in. Courts are IDs with spaces between them, or *. Each row is its own transaction: good
    rows are imported when others are wrong, and a second run skips users that exist.
    """

    async def run(auth: "AuthUnits") -> "ImportReport":
        from auth_service.importing import UserImport

        with file.open(encoding="utf-8-sig", newline="") as source:
            return await auth.get(UserImport).run(source, dry_run=dry_run)

    report = run_command(run)
    for fault in report.faults:
        typer.echo(f"line {fault.line}: {fault.message}")
    created = "could be created" if dry_run else "created"
    typer.echo(
        f"{report.created} {created}, {report.present} there already, {len(report.faults)} refused"
    )
    raise typer.Exit(1 if report.faults else 0)


@app.command()
def rotate_keys(
    now: Annotated[
        bool,
        typer.Option("--now", help="sign with the new key at once, before verifiers know it"),
    ] = False,
) -> None:
    """Publish a new signing key; auth signs with it once every verifier has read it."""

    async def rotate(auth: "AuthUnits") -> "SigningKey":
        from auth_service.keys.service import KeyService

        async with auth.begin() as unit:
            return await unit.get(KeyService).rotate(now=now)

    key = run_command(rotate)
    typer.echo(f"key {key.kid} ({key.algorithm}) is {key.state}")


@app.command()
def verify_keys() -> None:
    """Exit with 1 while the first AUTH_KEY_ENCRYPTION_KEY does not decrypt every stored secret."""

    async def count(auth: "AuthUnits") -> int:
        from auth_service.factors.service import FactorService
        from auth_service.keys.service import KeyService

        async with auth.begin() as unit:
            return await unit.get(KeyService).outdated() + await unit.get(FactorService).outdated()

    outdated = run_command(count)
    typer.echo(f"{outdated} stored secrets are encrypted under another key than the first")
    raise typer.Exit(1 if outdated else 0)


@app.command()
def set_restore_floor() -> None:
    """After a restore: end every session, and refuse every token that was issued until now."""

    async def restored(auth: "AuthUnits") -> int:
        from auth_service.tokens.floors import RestoreFloors

        async with auth.begin() as unit:
            return await unit.get(RestoreFloors).set()

    ended = run_command(restored)
    typer.echo(f"{ended} sessions have ended; every user signs in again")


@app.command()
def rebuild_redis() -> None:
    """Write all revocations to Redis again, from Postgres; safe at any time."""

    async def rebuild(auth: "AuthUnits") -> None:
        from redis.exceptions import RedisError

        from auth_service.tokens.rebuild import Rebuild

        try:
            complete = await auth.get(Rebuild).run()
        except (RedisError, OSError) as error:
            raise Unavailable(f"Redis does not answer: {error}") from error
        if not complete:
            raise Unavailable("Redis lost its data again meanwhile; run the command once more")

    run_command(rebuild)
    typer.echo("Redis has all revocations")


def _strong(secret: str) -> str:
    try:
        strong: SecretStr = TypeAdapter(StrongSecret).validate_python(secret)
    except ValidationError as error:
        raise typer.BadParameter(f"AUTH_CLIENT_SECRET {error.errors()[0]['msg']}") from None
    return strong.get_secret_value()


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


if __name__ == "__main__":
    app()

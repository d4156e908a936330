"""The `auth` command line: migrations, the first accounts, service clients; features add theirs.

The service itself is imported by the commands that need it: `migrate` runs at every start.
"""

from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer
from pydantic import SecretStr, TypeAdapter, ValidationError

from auth_service.audit.commands import app as audit_commands
from auth_service.commands import read_migration_settings, run_command
from auth_service.keys.commands import app as key_commands
from auth_service.revocations.commands import app as revocation_commands
from auth_service.users.commands import app as user_commands
from common.database_roles import role_of, roles_of_settings
from common.identity import Grant, Role
from common.settings import StrongSecret

if TYPE_CHECKING:
    from auth_service.wiring import Wiring

DEMO_DOMAIN: Final = "masijala.example"

app = typer.Typer(
    no_args_is_help=True, help="Administer the auth service.", pretty_exceptions_enable=False
)
for commands in (user_commands, key_commands, audit_commands, revocation_commands):
    app.add_typer(commands)


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
    email: Annotated[str, typer.Option(help="what the administrator signs in by")],
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
    run_command(lambda wiring: Seeding(wiring.units, wiring.passwords).create(account))
    typer.echo(f"{email} can sign in now")


@app.command()
def seed_demo(
    clerk_courts: Annotated[str, typer.Option(help="court IDs, comma-separated")],
    password: Annotated[str, typer.Option(envvar="AUTH_DEMO_PASSWORD", show_envvar=True)],
) -> None:
    """Make sure that the demo accounts exist and have this password."""
    from auth_service.seeding import Account, Seeding

    courts = frozenset(UUID(part.strip()) for part in clerk_courts.split(",") if part.strip())
    if not courts or not password:
        raise typer.BadParameter("give at least one court, and a password")
    accounts = (
        Account(f"admin@{DEMO_DOMAIN}", "Demo Administrator", password, Grant(Role.ADMIN)),
        Account(f"clerk@{DEMO_DOMAIN}", "Demo Clerk", password, Grant(Role.DATA_ENTRY, courts)),
        Account(f"viewer@{DEMO_DOMAIN}", "Demo Viewer", password, Grant(Role.VIEWER)),
    )
    run_command(lambda wiring: Seeding(wiring.units, wiring.passwords).ensure(accounts))
    typer.echo("The demo accounts are ready")


@app.command()
def ensure_client(
    client_id: Annotated[str, typer.Option()],
    scopes: Annotated[str, typer.Option(help="comma-separated")],
    audiences: Annotated[str, typer.Option(help="services it may call, comma-separated")],
    secret: Annotated[str, typer.Option(envvar="AUTH_CLIENT_SECRET", show_envvar=True)],
) -> None:
    """Make sure that a service client exists with exactly this secret, scopes and audiences."""
    strong = _strong(secret)

    async def ensure(wiring: "Wiring") -> bool:
        async with wiring.units.begin() as work:
            return await work.clients.ensure(client_id, strong, _list(scopes), _list(audiences))

    changed = run_command(ensure)
    typer.echo(f"{client_id} is {'ready' if changed else 'unchanged'}")


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

"""The `auth` command line: migrations, the first accounts, service clients.

The service itself is imported by the commands that need it: `migrate` runs at every start.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Final, TypeVar
from uuid import UUID

import typer
from pydantic import SecretStr, TypeAdapter, ValidationError

from auth_service.settings import load_settings
from common.errors import DomainError
from common.identity import Grant, Role
from common.logs import configure_logging
from common.settings import StrongSecret

if TYPE_CHECKING:
    from auth_service.wiring import Wiring

ResultT = TypeVar("ResultT")
DEMO_DOMAIN: Final = "masijala.example"

app = typer.Typer(
    no_args_is_help=True, help="Administer the auth service.", pretty_exceptions_enable=False
)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from auth_service.migrations import schema

    settings = load_settings()
    configure_logging("auth", settings.log_level)
    schema.upgrade(settings.database_url.get_secret_value())


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
    _run(lambda wiring: Seeding(wiring.units, wiring.passwords).create(account))
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
    _run(lambda wiring: Seeding(wiring.units, wiring.passwords).ensure(accounts))
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

    changed = _run(ensure)
    typer.echo(f"{client_id} is {'ready' if changed else 'unchanged'}")


def _run(command: Callable[["Wiring"], Awaitable[ResultT]]) -> ResultT:
    """Run one command on the wiring; a domain error is one line and exit code 1."""
    from auth_service.wiring import wire

    settings = load_settings()
    configure_logging("auth", settings.log_level)

    async def run() -> ResultT:
        wiring = wire(settings)
        try:
            return await command(wiring)
        finally:
            await wiring.close()

    try:
        return asyncio.run(run())
    except DomainError as error:
        reasons = "; ".join(f"{fault.field} {fault.message}" for fault in error.errors)
        sys.stderr.write(f"{error.detail}{': ' if reasons else ''}{reasons}\n")
        raise typer.Exit(1) from None


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

"""Core's commands for operators: `core migrate`, `core seed-demo`, `core rebuild`."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer
from rich.console import Console

from common.audit.command import add_verify_audit
from common.database_roles import require_service_role, role_of, roles_of_settings
from common.garbage_collection import collect_nothing_at_start, freeze_after_start
from common.settings import load_settings
from core_service.settings import CoreSettings, MigrationSettings

if TYPE_CHECKING:
    from common.composition import Units

# Commands import what they need: every start of the stack runs them, and loading it all is slow.
ResultT = TypeVar("ResultT")
EXIT_CHANGED: Final = 3

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # it prints the values of variables, secrets among them
    help="Masijala's court registry.",
)
# Standard output is for results that scripts read.
console = Console(stderr=True)


@app.command("migrate")
def migrate() -> None:
    """Migrate the database as its owner, and grant the service's role its privileges."""
    from core_service.migrations.preparation import prepare

    settings = load_settings(MigrationSettings)
    with roles_of_settings("CORE_"):
        role = role_of(settings.database_url.get_secret_value())
        owner_url = settings.migration_database_url.get_secret_value()
        added = asyncio.run(prepare(owner_url, role))
    console.print(f"core: the database is up to date; {added} reference rows added")


@app.command("seed-demo")
def seed_demo_command(
    cases: Annotated[int, typer.Option(min=0, max=5000, help="invented cases at Demoville")] = 300,
) -> None:
    """Add the demo courts, judges, case types and invented cases; prints the courts as JSON."""
    from core_service.demo.seeding import seed_demo

    courts = _run(lambda core: seed_demo(core, cases))
    typer.echo(json.dumps({"courts": {name: str(court_id) for name, court_id in courts.items()}}))


@app.command("rebuild")
def rebuild_command() -> None:
    """Recompute every case from its activities; exits with 3 when that changed anything."""
    from core_service.audit.acting import command
    from core_service.rebuild import rebuild

    with command("core rebuild"):
        report = _run(rebuild)
    console.print(f"core: {report.cases} cases replayed, {report.changed} changed")
    if report.changed:
        raise typer.Exit(EXIT_CHANGED)


def _run(command: "Callable[[Units], Awaitable[ResultT]]") -> ResultT:
    settings = load_settings(CoreSettings)
    require_service_role(settings.database_url.get_secret_value(), "CORE_DATABASE_URL")
    collect_nothing_at_start()
    from core_service.wiring import wire

    async def with_core() -> ResultT:
        core = wire(settings)
        freeze_after_start()
        try:
            return await command(core)
        finally:
            await core.close()

    return asyncio.run(with_core())


add_verify_audit(app, "core", _run)

if __name__ == "__main__":
    app()

"""Core's commands for operators: `core migrate`, `core seed-demo`, `core rebuild`."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer
from rich.console import Console

from common.settings import load_settings
from core_service.settings import CoreSettings, DatabaseSettings

if TYPE_CHECKING:
    from core_service.wiring import Core

# Commands import what they need: every start of the stack runs them, and loading it all is slow.
ResultT = TypeVar("ResultT")
EXIT_CHANGED: Final = 3
MOST_FAULTS: Final = 100

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
    """Bring the database up to date and add missing words of the vocabulary."""
    from core_service.migrations.preparation import prepare

    added = asyncio.run(prepare(load_settings(DatabaseSettings).database_url.get_secret_value()))
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


@app.command("verify-audit")
def verify_audit_command() -> None:
    """Check every event of the audit; exits with 1 and names what was changed."""
    report = _run(lambda core: core.audit_chain.verify())
    for fault in report.faults[:MOST_FAULTS]:
        typer.echo(str(fault))
    typer.echo(
        f"{report.rows} events, {report.unsealed} not sealed yet, {report.checkpoints} checkpoints,"
        f" {len(report.faults)} faults; head {report.head.position}:{report.head.hash.hex()}"
    )
    raise typer.Exit(1 if report.faults else 0)


def _run(command: "Callable[[Core], Awaitable[ResultT]]") -> ResultT:
    from core_service.wiring import Core

    async def with_core() -> ResultT:
        core = Core.build(load_settings(CoreSettings))
        try:
            return await command(core)
        finally:
            await core.close()

    return asyncio.run(with_core())


if __name__ == "__main__":
    app()

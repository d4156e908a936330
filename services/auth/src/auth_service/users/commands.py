"""`auth import-users`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auth_service.commands import run_command

if TYPE_CHECKING:
    from auth_service.users.importing import ImportReport
    from auth_service.wiring import Wiring

app = typer.Typer()


@app.command()
def import_users(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only check the file")] = False,
) -> None:
    """Create users from a CSV file: email,name,password_hash[,role,courts].

    Hashes are those of an older system (bcrypt, PBKDF2, argon2); each is replaced when its owner
    signs in. Courts are IDs with spaces between them, or *. Each row is its own transaction: good
    rows are kept when others are wrong, and a second run leaves out whoever is there already.
    """

    async def run(wiring: "Wiring") -> "ImportReport":
        from auth_service.users.importing import UserImport

        importing = UserImport(wiring.units, wiring.hasher.scheme)
        with file.open(encoding="utf-8-sig", newline="") as source:
            return await importing.run(source, dry_run=dry_run)

    report = run_command(run)
    for fault in report.faults:
        typer.echo(f"line {fault.line}: {fault.message}")
    created = "could be created" if dry_run else "created"
    typer.echo(
        f"{report.created} {created}, {report.present} there already, {len(report.faults)} refused"
    )
    raise typer.Exit(1 if report.faults else 0)

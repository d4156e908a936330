"""`auth verify-audit`, `auth export-audit` and `auth prune-audit`."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from auth_service.commands import read_migration_settings, run_command
from common.audit.command import add_verify_audit
from common.database_roles import require_owner_url, roles_of_settings

if TYPE_CHECKING:
    from auth_service.units import AuthUnits

MONTH: Final = re.compile(r"(\d{4})-(\d{2})")

app = typer.Typer()

add_verify_audit(app, "auth", run_command)


@app.command()
def export_audit(
    since: Annotated[datetime | None, typer.Option(help="first moment, UTC")] = None,
    until: Annotated[datetime | None, typer.Option(help="moment after the last, UTC")] = None,
) -> None:
    """Write events to standard output, one JSON object per line; the export itself is recorded."""

    async def export(auth: "AuthUnits") -> int:
        from auth_service.audit.reading import AuditExport

        written = 0
        async for line in auth.get(AuditExport).lines(_utc(since), _utc(until)):
            typer.echo(line)
            written += 1
        return written

    typer.echo(f"{run_command(export)} events", err=True)


@app.command()
def prune_audit(
    before: Annotated[str, typer.Option(help="the first month to keep, as YYYY-MM")],
) -> None:
    """Remove the sealed events of whole months; a signed checkpoint keeps the rest verifiable.

    Needs AUTH_MIGRATION_DATABASE_URL: the service's own role can remove no event.
    """
    month = _month(before)
    owner_url = read_migration_settings().migration_database_url.get_secret_value()
    with roles_of_settings("AUTH_"):
        require_owner_url(owner_url)

    async def prune(auth: "AuthUnits") -> int:
        from auth_service.audit.retention import prune_months
        from common.audit.maintenance import ChainAudit
        from common.audit.sealer import Sealer
        from common.database import Database

        owner = Database.connect(owner_url, pool_size=1)
        try:
            chain = replace(auth.get(ChainAudit), database=owner)
            return await prune_months(auth.get(Sealer), chain, auth, month)
        finally:
            await owner.close()

    typer.echo(f"{run_command(prune)} events were removed")


def _month(text: str) -> datetime:
    match = MONTH.fullmatch(text)
    try:
        month = datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC) if match else None
    except ValueError:
        month = None
    if month is None or month > datetime.now(UTC):
        raise typer.BadParameter("write a month that has begun as YYYY-MM")
    return month


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None else None

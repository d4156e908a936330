"""`auth verify-audit`, `auth export-audit` and `auth prune-audit`."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from auth_service.commands import run_command

if TYPE_CHECKING:
    from auth_service.wiring import Wiring
    from common.audit_chain.audit import Report
    from common.audit_chain.links import Link

ANCHOR: Final = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
SHOWN: Final = 100

app = typer.Typer()


@app.command()
def verify_audit(
    expect: Annotated[
        str | None,
        typer.Option(help="a place that was noted elsewhere, as POSITION:HASH; see the logs"),
    ] = None,
) -> None:
    """Check every event of the audit log; exit code 1 names what was changed."""
    anchor = _anchor(expect) if expect else None

    async def verify(wiring: "Wiring") -> "Report":
        return await wiring.audit_chain.verify(anchor)

    report = run_command(verify)
    for fault in report.faults[:SHOWN]:
        typer.echo(str(fault))
    if len(report.faults) > SHOWN:
        typer.echo(f"and {len(report.faults) - SHOWN} more")
    typer.echo(
        f"{report.rows} events from position {report.start.position + 1}, "
        f"{report.unsealed} not sealed yet, {report.checkpoints} checkpoints; "
        f"head {report.head.position}:{report.head.hash.hex()}"
    )
    raise typer.Exit(1 if report.faults else 0)


@app.command()
def export_audit(
    since: Annotated[datetime | None, typer.Option(help="first moment, UTC")] = None,
    until: Annotated[datetime | None, typer.Option(help="moment after the last, UTC")] = None,
) -> None:
    """Write events to standard output, one JSON object a line; the export is itself an event."""

    async def export(wiring: "Wiring") -> int:
        from auth_service.audit.export import export_lines

        written = 0
        async for line in export_lines(wiring.units, _utc(since), _utc(until)):
            typer.echo(line)
            written += 1
        return written

    typer.echo(f"{run_command(export)} events", err=True)


@app.command()
def prune_audit(
    before: Annotated[str, typer.Option(help="the first month to keep, as YYYY-MM")],
) -> None:
    """Remove the sealed events of whole months; a signed checkpoint keeps the rest verifiable."""
    month = _month(before)

    async def prune(wiring: "Wiring") -> int:
        from auth_service.audit.retention import prune_months

        return await prune_months(wiring.sealer, wiring.audit_chain, wiring.units, month)

    typer.echo(f"{run_command(prune)} events were removed")


def _anchor(text: str) -> "Link":
    from common.audit_chain.links import Link

    match = ANCHOR.fullmatch(text)
    if match is None:
        raise typer.BadParameter("write POSITION:HASH, as verify-audit and the logs do")
    return Link(int(match[1]), bytes.fromhex(match[2]))


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

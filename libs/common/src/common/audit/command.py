"""The `verify-audit` command, the same for every service."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # every start of the stack runs command lines, and loading it all is slow
    from common.audit.maintenance import Report
    from common.composition import Units

Expect = Annotated[
    str | None,
    typer.Option(help="an anchor, as POSITION:HASH; see the logs"),
]
Anchors = Annotated[
    typer.FileText | None,
    typer.Option(
        help="file of anchors, or the service's log; - is standard input; without it the"
        " service's own file (AUDIT_ANCHORS) is read",
        errors="replace",
    ),
]
RequireAnchor = Annotated[
    bool, typer.Option("--require-anchor", help="exit with 1 when there is no anchor")
]


def add_verify_audit(
    app: typer.Typer, service: str, run: "Callable[[Callable[[Units], Awaitable[Report]]], Report]"
) -> None:
    """Add the command to a service's command line; `run` runs it on the service's composition."""

    @app.command("verify-audit")
    def verify_audit(
        expect: Expect = None, anchors: Anchors = None, require_anchor: RequireAnchor = False
    ) -> None:
        """Check every event of the audit log; exits with 1 and names what was changed."""
        from common.audit.anchors import GivenAnchors
        from common.audit.maintenance import ChainAudit

        try:
            given = GivenAnchors.of(expect, anchors, service)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        report = run(lambda units: units.get(ChainAudit).verify(given))
        for line in report.lines():
            typer.echo(line)
        raise typer.Exit(report.exit_code(require_anchor=require_anchor))

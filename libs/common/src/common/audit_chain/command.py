"""The `verify-audit` command, the same for every service."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # every start of the stack runs command lines, and loading it all is slow
    from common.audit_chain.anchors import GivenAnchors
    from common.audit_chain.audit import Report

Expect = Annotated[
    str | None,
    typer.Option(help="an anchored place, as POSITION:HASH; see the logs"),
]
Anchors = Annotated[
    typer.FileText | None,
    typer.Option(
        help="file of anchored places, or the service's log, - for standard input; the"
        " service's own file (AUDIT_ANCHORS) when there is none here",
        errors="replace",
    ),
]
RequireAnchor = Annotated[
    bool, typer.Option("--require-anchor", help="exit with 1 when no place was anchored")
]


def add_verify_audit(
    app: typer.Typer, service: str, verify: "Callable[[GivenAnchors], Report]"
) -> None:
    """Add the command to a service's command line; `verify` checks the service's own chain."""

    @app.command("verify-audit")
    def verify_audit(
        expect: Expect = None, anchors: Anchors = None, require_anchor: RequireAnchor = False
    ) -> None:
        """Check every event of the audit log; exits with 1 and names what was changed."""
        from common.audit_chain.anchors import GivenAnchors
        from common.audit_chain.reporting import exit_code, report_lines

        try:
            given = GivenAnchors.of(expect, anchors, service)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        report = verify(given)
        for line in report_lines(report):
            typer.echo(line)
        raise typer.Exit(exit_code(report, require_anchor=require_anchor))

"""The command line `masijala`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from common.errors import DomainError
from common.http_client import UpstreamUnavailable
from devstack.accounts import gateway_address
from devstack.doctor import examine, print_findings
from devstack.errors import NotReady, StackError
from devstack.importing import ImportOrder, import_return
from devstack.readiness import until_ready
from devstack.servers.errors import ServerError
from devstack.settings import DevstackSettings
from devstack.up import run_stack

app = typer.Typer(
    name="masijala", help="The local stack of Masijala.", no_args_is_help=True, add_completion=False
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(error: Exception) -> typer.Exit:
    """Say on one line of standard error what is wrong and what to do."""
    err.print(f"masijala: {error}", style="red", markup=False)
    return typer.Exit(1)


@app.command()
def up() -> None:
    """Start the whole stack and keep it running until Ctrl-C."""
    try:
        asyncio.run(run_stack(DevstackSettings.load(), out))
    except (StackError, ServerError) as error:
        raise fail(error) from None


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="a returns file, CSV or XLSX", exists=True)],
    url: Annotated[str | None, typer.Option(help="the gateway; else the running stack's")] = None,
    email: Annotated[str, typer.Option(help="who sends it in")] = "clerk@masijala.example",
    mode: Annotated[str, typer.Option(help="apply, or validate to try it only")] = "apply",
) -> None:
    """Send a returns file in through the gateway, and watch it until every row is accounted for."""
    try:
        settings = DevstackSettings.load()
        order = ImportOrder.prepare(settings, file=file, url=url, email=email, mode=mode)
    except StackError as error:
        raise fail(error) from None
    try:
        succeeded = asyncio.run(import_return(order, out))
    except UpstreamUnavailable:
        raise fail(
            NotReady(f"{order.url} does not answer: start the stack with `make run`")
        ) from None
    except (StackError, DomainError) as error:
        raise fail(error) from None
    if not succeeded:
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Check what the stack needs on this machine, and the stack that runs."""
    try:
        findings = asyncio.run(examine(DevstackSettings.load()))
    except StackError as error:
        raise fail(error) from None
    print_findings(findings, out)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@app.command()
def wait(
    url: Annotated[str | None, typer.Option(help="the gateway; else the running stack's")] = None,
    seconds: Annotated[float, typer.Option(help="how long to wait at most")] = 120.0,
) -> None:
    """Return when the gateway is ready, as after `docker-compose up -d`."""
    try:
        address = url or gateway_address(DevstackSettings.load())
    except StackError as error:
        raise fail(error) from None
    if not asyncio.run(until_ready(address, seconds)):
        raise fail(NotReady(f"{address}/readyz is not 200 after {seconds:.0f} s: see the logs"))


if __name__ == "__main__":
    app()

"""The command line `masijala`."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import typer
from rich.console import Console

from common.errors import DomainError
from common.http_client import ServiceClient, UpstreamUnavailable
from devstack.accounts import SignedIn, find_password, gateway_address
from devstack.compose_site import ComposeSite
from devstack.doctor import examine, print_findings
from devstack.errors import NotReady, StackError
from devstack.home import Home
from devstack.importing import ImportOrder, Outcome, import_returns
from devstack.readiness import until_ready
from devstack.repairing import repair_rows
from devstack.reporting import print_report
from devstack.requests import request_rotation
from devstack.rotation import Rotation
from devstack.servers.errors import ServerError
from devstack.settings import DevstackSettings
from devstack.up import run_stack
from devstack.watching import files_of

ResultT = TypeVar("ResultT")
REPORT_SECONDS: Final = 60.0

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


returns = typer.Typer(help="Work on returns that were sent in.", no_args_is_help=True)
app.add_typer(returns, name="returns")


@app.command("import")
def import_files(
    files: Annotated[
        list[Path], typer.Argument(help="returns, CSV or XLSX, or folders of them", exists=True)
    ],
    url: Annotated[str | None, typer.Option(help="the gateway; else the running stack's")] = None,
    email: Annotated[str, typer.Option(help="who sends it in")] = "clerk@masijala.example",
    mode: Annotated[str, typer.Option(help="apply, or validate to try it only")] = "apply",
    court: Annotated[str | None, typer.Option(help="the court: its code, name or ID")] = None,
    watch: Annotated[bool, typer.Option(help="send what comes into the folders, too")] = False,
) -> None:
    """Send returns in through the gateway, and watch each until every row is accounted for.

    The exit code is 0 when all rows are in, 3 when some need a person, 1 when an import failed.
    """
    try:
        settings = DevstackSettings.load()
        order = ImportOrder.prepare(settings, file=files[0], url=url, email=email, mode=mode)
    except StackError as error:
        raise fail(error) from None
    order = replace(order, court=court)
    outcome = _at_gateway(order.url, import_returns(order, files_of(files, watch=watch), out))
    if outcome:
        raise typer.Exit(int(outcome))


@returns.command()
def repair(
    batch_id: Annotated[UUID, typer.Argument(help="the import, as `masijala import` prints it")],
    url: Annotated[str | None, typer.Option(help="the gateway; else the running stack's")] = None,
    email: Annotated[str, typer.Option(help="who repairs")] = "clerk@masijala.example",
) -> None:
    """Go through the rows of an import that need a person, and repair them here.

    An empty answer leaves a cell as it is. The exit code is 3 when rows are left over.
    """
    try:
        settings = DevstackSettings.load()
        address, password = url or gateway_address(settings), find_password(settings, email)
    except StackError as error:
        raise fail(error) from None

    async def work() -> bool:
        client = ServiceClient(address)
        try:
            user = SignedIn(client, email, password)
            return await repair_rows(user, str(batch_id), _ask, out)
        finally:
            await client.aclose()

    if not _at_gateway(address, work()):
        raise typer.Exit(int(Outcome.NEEDS_PERSON))


def _ask(question: str, now: str) -> str:
    answer: str = typer.prompt(question, default=now)
    return answer


def _at_gateway(url: str, work: Coroutine[Any, Any, ResultT]) -> ResultT:
    """The result of what calls the gateway, or one line on why there is none."""
    try:
        return asyncio.run(work)
    except UpstreamUnavailable:
        raise fail(NotReady(f"{url} does not answer: start the stack with `make run`")) from None
    except (StackError, DomainError) as error:
        raise fail(error) from None


@app.command()
def report(
    court: Annotated[str, typer.Option(help="the court: its code, name or ID")],
    month: Annotated[str, typer.Option(help="such as 2026-10")],
    out_file: Annotated[
        Path | None, typer.Option("--out", help="write the workbook (XLSX) to this file, too")
    ] = None,
    url: Annotated[str | None, typer.Option(help="the gateway; else the running stack's")] = None,
    email: Annotated[str, typer.Option(help="who reads it")] = "viewer@masijala.example",
) -> None:
    """Print a court's month: every figure, and what has changed of the month before."""
    try:
        settings = DevstackSettings.load()
        address, password = url or gateway_address(settings), find_password(settings, email)
    except StackError as error:
        raise fail(error) from None

    async def work() -> None:
        client = ServiceClient(address, timeout_seconds=REPORT_SECONDS)
        try:
            user = SignedIn(client, email, password)
            await print_report(user, court, month, out_file, out)
        finally:
            await client.aclose()

    _at_gateway(address, work())


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
def rotate(
    names: Annotated[list[str], typer.Argument(help="secrets by name, or all")],
    compose: Annotated[
        bool, typer.Option("--compose", help="those of the containers of docker-compose.yml")
    ] = False,
) -> None:
    """Replace secrets while the stack serves, and prove that the old values are refused."""
    try:
        if compose:
            asyncio.run(Rotation(ComposeSite(), out.print).run(names))
        else:
            home = Home(DevstackSettings.load().home.expanduser().absolute())
            asyncio.run(request_rotation(home, names, out.print))
    except StackError as error:
        raise fail(error) from None


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

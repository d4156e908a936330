"""The `gateway` command line: serve the policy, configure Traefik, explain verdicts."""

from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table

from common.settings import load_settings
from gateway.policy.addresses import parse_address
from gateway.routes import Route
from gateway.settings import GatewaySettings

# Commands import what they need: every start of a stack runs one, and loading it all is slow.
app: Final = typer.Typer(no_args_is_help=True, help="The gateway of Masijala.")
console: Final = Console()
TABLE_COLUMNS: Final = 200  # at most: a table takes no more than it needs


@app.command()
def serve_policy() -> None:
    """Serve the policy to Traefik, on GATEWAY_POLICY_PORT."""
    from gateway.main import main

    main()


@app.command()
def render_traefik(
    directory: Annotated[Path, typer.Argument(help="for traefik.yml and dynamic/")],
    keep_following: Annotated[
        bool,
        typer.Option("--follow", help="go on, and follow the replicas of services"),
    ] = False,
) -> None:
    """Write Traefik's configuration from the GATEWAY_* variables."""
    from common.stopping import stop_at_signals
    from gateway.traefik.render import write_configuration
    from gateway.traefik.replicas import follow

    if keep_following:
        stop_at_signals()
    settings = load_settings(GatewaySettings)
    write = follow if keep_following else write_configuration
    try:
        for path in write(settings, directory):
            console.print(str(path), highlight=False, soft_wrap=True)
    except OSError as error:
        typer.echo(f"cannot write below {directory}: {error.strerror}", err=True)
        raise typer.Exit(1) from None


@app.command()
def routes() -> None:
    """Show the route table as configured, the longest pattern first as it is matched."""
    headings = ("pattern", "methods", "upstream", "auth", "rate", "body", "name")
    # Whole names, also in a pipe or a narrow window, where rich would cut them off.
    table = Table(*(Column(heading, no_wrap=True) for heading in headings))
    for route in sorted(
        load_settings(GatewaySettings).routes, key=lambda route: len(route.path), reverse=True
    ):
        table.add_row(*_cells(route))
    Console(width=TABLE_COLUMNS).print(table)


def _checked_address(given: str) -> str:
    if parse_address(given) is None:
        raise typer.BadParameter(f"{given!r} is no address")
    return given


def _checked_headers(given: list[str] | None) -> list[str] | None:
    for line in given or []:
        name, colon, value = line.partition(":")
        if not (name.strip() and colon and line.isprintable() and value.isascii()):
            raise typer.BadParameter(f"{line!r} is no header: write 'Name: value'")
    return given


@app.command()
def check(
    method: Annotated[str, typer.Argument(help="such as GET")],
    path: Annotated[str, typer.Argument(help="as in the request line, without the query")],
    token: Annotated[
        str | None,
        typer.Option(envvar="CHECK_TOKEN", help="an access token; better by CHECK_TOKEN"),
    ] = None,
    address: Annotated[
        str, typer.Option(help="where the connection comes from", callback=_checked_address)
    ] = "127.0.0.1",
    header: Annotated[
        list[str] | None,
        typer.Option("--header", "-H", help="such as 'Accept: */*'", callback=_checked_headers),
    ] = None,
) -> None:
    """Explain step by step what the policy decides. The check spends quota like a real request.

    A WebSocket's handshake is judged as one that came over TLS.
    """
    from gateway.checking import CheckedRequest, is_allowed

    settings = load_settings(GatewaySettings)
    request = CheckedRequest(method.upper(), path, address, tuple(header or ()), token)
    allowed = is_allowed(settings, request, partial(console.print, highlight=False, soft_wrap=True))
    raise typer.Exit(0 if allowed else 1)


def _cells(route: Route) -> tuple[str, ...]:
    return (
        route.path,
        " ".join(route.methods),
        route.upstream.value,
        route.auth.value,
        route.rate.value,
        route.body.value,
        route.name,
    )


if __name__ == "__main__":
    app()

"""The `gateway` command line: serve the policy, configure Traefik, explain verdicts."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Column, Table

from common.settings import load_settings
from common.stopping import stop_at_signals
from gateway.explanation import explain
from gateway.main import main
from gateway.policy.addresses import AddressRules, parse_address
from gateway.policy.correlation import correlate
from gateway.policy.decision import PolicyRequest
from gateway.policy.handshakes import HandshakeRules
from gateway.policy.headers import HeaderMap
from gateway.policy.origins import Origins
from gateway.policy.paths import path_fault
from gateway.policy.policy import Policy
from gateway.policy.step_up import StepUpOperations
from gateway.refusals import Refusal
from gateway.routes import Match, Route, RouteTable
from gateway.settings import GatewaySettings
from gateway.traefik.render import write_configuration
from gateway.traefik.replicas import follow
from gateway.wiring import connected, wire

app: Final = typer.Typer(no_args_is_help=True, help="The gateway of Masijala.")
console: Final = Console()
TABLE_COLUMNS: Final = 200  # at most: a table takes no more than it needs


@app.command()
def serve_policy() -> None:
    """Serve the policy to Traefik, on GATEWAY_POLICY_PORT."""
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
    settings = load_settings(GatewaySettings)
    fault = path_fault(path.encode())
    method = method.upper()
    match = RouteTable(settings.routes).match(method, path)
    if fault is not None or not match.found:
        console.print(fault.detail if fault is not None else _unmatched(match))
        raise typer.Exit(1)
    headers = HeaderMap(_raw_headers(header or [], token))
    step_up = StepUpOperations.of(settings.step_up_operations, settings.step_up_seconds)
    request = PolicyRequest(
        headers,
        address,
        match.route,
        correlate(headers),
        _handshake_fault(settings, headers, address),
        step_up.find(method, path),
    )
    raise typer.Exit(0 if asyncio.run(_explain(settings, request)) else 1)


def _handshake_fault(settings: GatewaySettings, headers: HeaderMap, address: str) -> Refusal | None:
    rules = HandshakeRules(
        Origins(settings.allowed_origins), AddressRules(settings.trusted_proxies)
    )
    return rules.fault(headers, address, tls=True)


def _raw_headers(given: list[str], token: str | None) -> list[tuple[bytes, bytes]]:
    pairs = [line.partition(":") for line in given]
    raw = [
        (name.strip().lower().encode(), value.strip().encode("latin-1")) for name, _, value in pairs
    ]
    return raw if token is None else [*raw, (b"authorization", f"Bearer {token}".encode())]


async def _explain(settings: GatewaySettings, request: PolicyRequest) -> bool:
    """Print the steps; whether the request may pass."""
    allowed = False
    gateway = wire(settings)
    async with connected(gateway):
        async for step in explain(gateway.get(Policy), request):
            console.print(f"{step.name}: {step.finding}", highlight=False, soft_wrap=True)
            allowed = step.name == "verdict" and step.finding.startswith("allow")
    return allowed


def _unmatched(match: Match) -> str:
    if match.allowed:
        return f"405: this path has only {', '.join(match.allowed)}"
    return "404: no route has this path"


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

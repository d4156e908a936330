"""The `gateway` command line: serve the edge or the policy, configure Traefik, explain verdicts."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from gateway.edge.paths import path_fault
from gateway.policy.correlation import correlate
from gateway.policy.decision import Decision, PolicyRequest
from gateway.policy.headers import HeaderMap
from gateway.policy_service.server import run as run_policy_service
from gateway.routes import DEFAULT_ROUTES, Match, Route, RouteTable
from gateway.server import run
from gateway.settings import GatewaySettings
from gateway.traefik.render import write_configuration
from gateway.wiring import running_policy

app: Final = typer.Typer(no_args_is_help=True, help="The gateway of Masijala.")
console: Final = Console()


@app.command()
def serve() -> None:
    """Serve the embedded edge; everything is configured by GATEWAY_* variables."""
    run(GatewaySettings())


@app.command()
def serve_policy() -> None:
    """Serve the policy to an edge such as Traefik, on GATEWAY_POLICY_PORT."""
    run_policy_service(GatewaySettings())


@app.command()
def render_traefik(
    directory: Annotated[Path, typer.Argument(help="for traefik.yml and dynamic/")],
) -> None:
    """Write Traefik's configuration from the GATEWAY_* variables."""
    for path in write_configuration(GatewaySettings(), directory):
        console.print(str(path), highlight=False, soft_wrap=True)


@app.command()
def routes() -> None:
    """Show the product's route table, the longest pattern first as it is matched."""
    table = Table("pattern", "methods", "upstream", "auth", "rate", "body", "name")
    for route in sorted(DEFAULT_ROUTES, key=lambda route: len(route.path), reverse=True):
        table.add_row(*_cells(route))
    console.print(table)


@app.command()
def check(
    method: Annotated[str, typer.Argument(help="such as GET")],
    path: Annotated[str, typer.Argument(help="as in the request line, without the query")],
    token: Annotated[
        str | None,
        typer.Option(envvar="CHECK_TOKEN", help="an access token; better by CHECK_TOKEN"),
    ] = None,
    address: Annotated[str, typer.Option(help="the client's address")] = "127.0.0.1",
) -> None:
    """Explain what the policy decides on a request. The check spends quota like a real one."""
    settings = GatewaySettings()
    fault = path_fault(path.encode())
    match = RouteTable(settings.routes).match(method.upper(), path)
    if fault is not None or not match.found:
        console.print(fault.detail if fault is not None else _unmatched(match))
        raise typer.Exit(1)
    decision = asyncio.run(_decide(settings, match.route, token, address))
    console.print(_explanation(match.route, decision))
    raise typer.Exit(0 if decision.refusal is None else 1)


async def _decide(
    settings: GatewaySettings, route: Route, token: str | None, address: str
) -> Decision:
    raw = [(b"authorization", f"Bearer {token}".encode())] if token is not None else []
    headers = HeaderMap(raw)
    async with running_policy(settings) as runtime:
        request = PolicyRequest(headers, address, route, correlate(headers))
        return await runtime.policy.decide(request)


def _explanation(route: Route, decision: Decision) -> Table:
    table = Table(show_header=False)
    refusal, token = decision.refusal, decision.token
    table.add_row("route", f"{route.name} ({route.path}) → {route.upstream}")
    table.add_row("needs", f"{route.auth}, rate class {route.rate}, body class {route.body}")
    table.add_row(
        "verdict", "allow" if refusal is None else f"{refusal.status.value} {refusal.code}"
    )
    table.add_row("because", decision.reason if refusal is None else refusal.detail)
    table.add_row("address", decision.address)
    table.add_row("user", token.subject if token is not None else "nobody")
    table.add_row("session", token.session_id if token is not None else "none")
    table.add_row("quotas", decision.quota.policy.decode())
    table.add_row("remaining", decision.quota.state.decode())
    table.add_row("degraded", "yes" if decision.degraded else "no")
    return table


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

"""The gateway's table in docs/performance.md, from the results file and nothing else.

python -m bench.gateway_report    writes the table again from bench/results/gateway.json
"""

from typing import Any, Final

from bench.figures import read
from bench.sections import circumstances, figure, figures, write_section

CHECKS: Final = (
    "policy checks for each second of its process's processor time, the best of five rounds; "
    "Redis' own time is not counted"
)
EMBEDDED: Final = "embedded edge"
TRAEFIK: Final = "Traefik + ForwardAuth to the policy"
EMPTY: Final = "Traefik + ForwardAuth to nothing"
NGINX: Final = "nginx + auth_request to the policy"
ENVOY: Final = "Envoy, jwt_authn"
# "The same server answering 204": the policy service's own, and the embedded edge's.
BARE: Final = "204 on the policy service's server"
CHECKED: Final = "policy check, then 204, on the same"
EDGE_BARE: Final = "204 on the edge's connections"
EDGE_CHECKED: Final = "policy check, then 204, on those"

# What is compared with what, and the goal; None where a ratio is only reported.
RATIOS: Final = (
    (EDGE_CHECKED, EDGE_BARE, None),
    (TRAEFIK, EMPTY, 0.85),
    (TRAEFIK, ENVOY, None),
    (EMBEDDED, TRAEFIK, 1.0),
    (EMBEDDED, NGINX, None),
    (EMBEDDED, "embedded edge on uvicorn's HTTP", None),
    (EMBEDDED, "embedded edge on granian", None),
)


def render(results: dict[str, Any]) -> str:
    """The section's text."""
    policy, streaming, edges = results["policy"], results["streaming"], results["edges"]
    head = (
        f"{circumstances(results)}; load generator, edge, policy, Valkey and upstream share "
        f"these cores; {results['load_before']:.1f} other processes wanted to run at the start."
    )
    memory = "MiB resident at most while 1 GiB streams up and down"
    rows = [
        figure(CHECKS, policy["per_cpu_second"], 15_000),
        figure("… by the clock, the best of five rounds too", policy["per_second"], None),
        figure("p99 of a check at half load, ms", policy["half_load_p99_ms"], 1.0, at_most=True),
        figure(memory, streaming["most_resident_mib"], 150, at_most=True),
        _processor_ratio(edges, CHECKED, BARE, 0.5),
        _processor_ratio(edges, EDGE_CHECKED, EDGE_BARE, 0.5),
        *(_ratio(edges, *row) for row in RATIOS),
    ]
    lines = [
        head,
        "",
        *figures(*rows),
        "",
        "| server, 64 connections | requests/s | p50 ms | p99 ms | its CPU, µs a request |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | not measured: {run['missing'].splitlines()[0][:80]} | | | |"
        if "missing" in run
        else f"| {name} | {run['per_second']:,.0f} | {run['p50_ms']:.2f} | {run['p99_ms']:.2f} "
        f"| {run['cpu_us']:.0f} |"
        for name, run in edges.items()
    ]
    return "\n".join(lines)


def _ratio(edges: dict[str, Any], ours: str, theirs: str, goal: float | None) -> str:
    rates = [edges.get(name, {}).get("per_second") for name in (ours, theirs)]
    if None in rates:
        return f"| {ours} ÷ {theirs} | not measured | {goal or 'reported'} | |"
    return figure(f"{ours} ÷ {theirs}", rates[0] / rates[1], goal)


def _processor_ratio(edges: dict[str, Any], ours: str, theirs: str, goal: float) -> str:
    """By processor time of the server alone: what one core of its own would serve."""
    times = [edges.get(name, {}).get("cpu_us") for name in (theirs, ours)]
    name = f"{ours} ÷ {theirs}, by processor time"
    if None in times:
        return f"| {name} | not measured | ≥ {goal} | |"
    return figure(name, times[0] / times[1], goal)


def write_report(results: dict[str, Any]) -> str:
    """Put the table into the document; gives it."""
    return write_section("gateway", render(results))


if __name__ == "__main__":
    kept = read("gateway")
    if kept is None:
        raise SystemExit("bench.gateway has not been run")
    print(write_report(kept))

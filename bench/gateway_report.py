"""The gateway's table in docs/performance.md, from the results file and nothing else.

python -m bench.gateway_report    writes the table again from bench/results/gateway.json
"""

from statistics import median
from typing import Any, Final

from bench.figures import read
from bench.sections import circumstances, figure, figures, write_section

CHECKS: Final = (
    "policy checks per second of the process's CPU time, best of five rounds; "
    "without the CPU time of Redis"
)
TRAEFIK: Final = "Traefik + ForwardAuth to the policy"
EMPTY: Final = "Traefik + ForwardAuth to nothing"
NGINX: Final = "nginx + auth_request to the policy"
ENVOY: Final = "Envoy, jwt_authn"
# The server of the policy service, with an app that only answers.
BARE: Final = "204 on the policy service's server"
CHECKED: Final = "policy check, then 204, on the same"
GOAL: Final = 0.80


def render(results: dict[str, Any]) -> str:
    """The section's text."""
    policy, edges = results["policy"], results["edges"]
    head = (
        f"{circumstances(results)}; load generator, edge, policy, Valkey and upstream share "
        f"these cores; {results['load_before']:.1f} other processes were runnable at the start. "
        "Each ratio is the median of the ratios of the rounds."
    )
    rows = [
        figure(CHECKS, policy["per_cpu_second"], 20_000),
        figure("… per second of elapsed time, best of five rounds", policy["per_second"], None),
        figure("p99 of a check at half load, ms", policy["half_load_p99_ms"], 1.0, at_most=True),
        _ratio(edges, TRAEFIK, EMPTY, GOAL),
        _ratio(edges, TRAEFIK, NGINX, None),
        _ratio(edges, TRAEFIK, ENVOY, None),
        _processor_ratio(edges, CHECKED, BARE),
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
    """The median over rounds: other work on the machine affects both sides of a round equally."""
    rates = [edges.get(name, {}).get("rounds") for name in (ours, theirs)]
    if None in rates:
        return f"| {ours} ÷ {theirs} | not measured | {goal or 'reported'} | |"
    ratios = [mine / other for mine, other in zip(*rates, strict=True)]
    return figure(f"{ours} ÷ {theirs}", median(ratios), goal)


def _processor_ratio(edges: dict[str, Any], ours: str, theirs: str) -> str:
    """By CPU time of the server alone: what a dedicated core could serve."""
    times = [edges.get(name, {}).get("cpu_us") for name in (theirs, ours)]
    name = f"{ours} ÷ {theirs}, by CPU time"
    if None in times:
        return f"| {name} | not measured | reported | |"
    return figure(name, times[0] / times[1], None)


def write_report(results: dict[str, Any]) -> str:
    """Write the table into the document and return it."""
    return write_section("gateway", render(results))


if __name__ == "__main__":
    results = read("gateway")
    if results is None:
        raise SystemExit("bench.gateway has not been run")
    print(write_report(results))

"""The registry's table in docs/performance.md, from the results file and nothing else.

python -m bench.registry_report    writes the table again from bench/results/registry.json
"""

from typing import Any, Final

from bench.figures import read
from bench.sections import circumstances, write_section

LIST_GOAL: Final = 100
# Each measurement, by its name in the results, and the goal for its 95th percentile.
MEASUREMENTS: Final = (
    ("lookup", "lookup, any spelling", 50),
    ("list", "list, every filter and order", LIST_GOAL),
    ("deep", "list, pages of 200, 20 deep", LIST_GOAL),
    ("case", "a case", None),
    ("case/activities", "a case's activities", None),
    ("case/timeline", "a case's timeline", None),
    ("create", "register a case", None),
)
SLOWEST: Final = 5


def render(results: dict[str, Any]) -> str:
    """The section's text."""
    size = results["size"]
    head = (
        f"{circumstances(results)}; {size['cases']:,} cases and {size['activities']:,} activities "
        f"at {size['courts']} courts; gateway, core, Postgres and the client share these cores; "
        f"load {results['load']} at the end."
    )
    users = results["users"]
    lines = [
        head,
        "",
        "| p50 / p95, ms | " + " | ".join(users) + " | goal of p95 | met |",
        "|---|" + "---|" * len(users) + "---|---|",
        *(_measurement(users, *row) for row in MEASUREMENTS),
        _slowest_filter(users),
        "",
        "| slowest lists, p95 ms | filter |",
        "|---|---|",
        *(f"| {p95} | {name}: {wanted} |" for p95, name, wanted in _slowest(users)),
        "",
        "| one client, median | gateway, ms | by psycopg alone, ms | ratio | goal | met |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name}, {each['statements']} statements | {each['gateway_ms']} "
            f"| {each['sql_alone_ms']} | {each['ratio']:.2f} | ≥ {each['goal']} "
            f"| {_met(each['ratio'] >= each['goal'])} |"
            for name, each in results["ratios"].items()
        ),
    ]
    return "\n".join([*lines, *_rebuilt(), *_imported()])


def _rebuilt() -> list[str]:
    """A line on `core rebuild`, when it has been measured."""
    found = read("registry_rebuild")
    if found is None:
        return []
    line = (
        f"`core rebuild` replayed {found['cases']:,} cases in {found['seconds']:,} s "
        f"({found['cases_per_second']:,}/s, {found['cpu_seconds']:,} s of them its own processor "
        f"time), changed {found['changed']}, and held {found['most_resident_mib']} MiB at most "
        f"({circumstances(found)}, load {found['load']})."
    )
    return ["", line]


def _imported() -> list[str]:
    """A table of imports and of bare COPY, when they have been measured."""
    found = read("returns")
    if found is None:
        return []
    head = (
        f"An import of {found['rows']:,} rows of new cases, validated and applied "
        f"({circumstances(found)}, load {found['load']}), compared with bare COPY of the rows that "
        f"it leaves behind: {found['ratio']} times its time; other requests' p95 was "
        f"{found['others_p95_ms']} ms before."
    )
    runs = {
        "bare COPY": found["bare_copy"],
        "import": found["imported"],
        "sent again, 1 % changed": found["sent_again"],
    }
    return [
        "",
        head,
        "",
        (
            "| | rows/s | ms a row | ms of the worker's processor a row | statements a row | "
            "worker's memory, MiB | others' p95, ms |"
        ),
        "|---|---|---|---|---|---|---|",
        *(
            f"| {label} | {each['rows_per_second']:,} | {each['ms_per_row']} "
            f"| {each['cpu_ms_per_row']} | {each.get('statements_per_row', '')} "
            f"| {each['worker_mib']} | {each.get('others_p95_ms', '')} |"
            for label, each in runs.items()
        ),
    ]


def _measurement(users: dict[str, Any], name: str, label: str, goal: int | None) -> str:
    figures = [user[name] for user in users.values()]
    shown = " | ".join(f"{each['p50_ms']} / {each['p95_ms']}" for each in figures)
    if goal is None:
        return f"| {label} | {shown} | reported | |"
    met = all(each["p95_ms"] < goal for each in figures)
    return f"| {label} | {shown} | < {goal} | {_met(met)} |"


def _slowest(users: dict[str, Any]) -> list[tuple[float, str, str]]:
    lists = [
        (p95, name, wanted)
        for name, user in users.items()
        for wanted, p95 in user["list"]["p95_ms_by_filter"].items()
    ]
    return sorted(lists, reverse=True)[:SLOWEST]


def _slowest_filter(users: dict[str, Any]) -> str:
    worst = [max(user["list"]["p95_ms_by_filter"].values()) for user in users.values()]
    shown = " | ".join(f"/ {p95}" for p95 in worst)
    met = _met(max(worst) < LIST_GOAL)
    return f"| list, its slowest filter alone | {shown} | < {LIST_GOAL} | {met} |"


def _met(is_met: bool) -> str:
    return "yes" if is_met else "no"


def write_report() -> str:
    """Put the table into its section; gives the table."""
    results = read("registry")
    if results is None:
        raise FileNotFoundError("bench.registry has not been run")
    return write_section("registry", render(results))


if __name__ == "__main__":
    print(write_report())

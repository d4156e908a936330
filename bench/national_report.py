"""The table of figures in docs/performance.md, from its results file and nothing else.

python -m bench.national_report
"""

from typing import Any, Final

from bench.figures import read
from bench.sections import circumstances, write_section

YEAR: Final = "year by court and category"
KNOWN: Final = "year as known a month ago"
SIZES: Final = 2
COLD_GOAL_MS: Final = 1_000
WARM_GOAL_MS: Final = 50
GROWTH_GOAL: Final = 3
HEAD: Final = (
    "| milliseconds | 200,000, cold | 2,000,000, cold | growth | warm | growth | after a commit "
    "| while importing, p50 / p95 | as known a month ago | goals met |"
)


def render(results: dict[str, Any]) -> str:
    """The section's text."""
    small, large = results["cases"].values()
    writing, per_write = large["while_writing"]["figures"], large["writing"]
    head = (
        f"{circumstances(results)}; in process, without HTTP, on one Postgres without fsync; load "
        f"{results['load_before']} before and {results['load']} after. A year by court and "
        "category (productivity: by court and judge) of 120 courts; all but the first column "
        "with 2,000,000 cases and 10,000,000 activities."
    )
    rows = [
        _row(name, small["figures"][name], each, writing[name])
        for name, each in large["figures"].items()
    ]
    lists = [
        f"| {name} | {small['lists_ms'][name]:,.0f} | {taken:,.0f} "
        f"| {taken / small['lists_ms'][name]:.1f} |"
        for name, taken in large["lists_ms"].items()
    ]
    paid = (
        f"20,000 events and as many activities take {per_write['ratio']} times as long to write as "
        f"without triggers ({per_write['with_ms']:,.0f} ms in place of "
        f"{per_write['without_ms']:,.0f})."
    )
    table = [HEAD, f"|{'---|' * HEAD.count(' | ')}---|", *rows]
    list_table = [
        "| first page of a list, ms | 200,000 | 2,000,000 | growth |",
        "|---|---|---|---|",
    ]
    return "\n".join([head, "", *table, "", *list_table, *lists, "", paid])


def _row(name: str, small: dict[str, Any], large: dict[str, Any], writing: dict[str, float]) -> str:
    before, year = small[YEAR], large[YEAR]
    cold, warm = year["cold_ms"], year["warm_ms"]
    growth = warm / before["warm_ms"]
    missed = [
        goal
        for goal, is_met in (
            ("cold", cold < COLD_GOAL_MS),
            ("warm", warm < WARM_GOAL_MS),
            ("growth", growth <= GROWTH_GOAL),
        )
        if not is_met
    ]
    cells = [
        f"{before['cold_ms']:,.0f}",
        f"{cold:,.0f}",
        f"{cold / before['cold_ms']:.1f}",
        f"{warm:.1f}",
        f"{growth:.1f}",
        f"{writing['after_a_commit_ms']:,.0f}",
        f"{writing['importing_ms']:,.0f} / {writing['importing_p95_ms']:,.0f}",
        f"{large[KNOWN]['cold_ms']:,.0f}",
        f"not {', '.join(missed)}" if missed else "yes",
    ]
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    if (results := read("national")) is None:
        raise SystemExit("nothing has been measured: make bench-figures")
    if len(results["cases"]) != SIZES:
        raise SystemExit("the table takes both sizes: nothing is written")
    print(write_section("figures", render(results)))

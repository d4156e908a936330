"""Sections of docs/performance.md that scripts write, each between its marks."""

from typing import Any, Final

from bench.figures import ROOT

DOCUMENT: Final = ROOT / "docs" / "performance.md"


def write_section(name: str, table: str) -> str:
    """Put a table between the marks of that name, new ones at the end if there are none."""
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    text = DOCUMENT.read_text() if DOCUMENT.exists() else "# Performance\n"
    if begin not in text:
        text += f"\n## {name.capitalize()}\n\n{begin}\n{end}\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    DOCUMENT.write_text(f"{before}{begin}\n{table}\n{end}{after}")
    return table


def circumstances(results: dict[str, Any]) -> str:
    """Where and when it was measured."""
    return (
        f"{results['date'][:10]}, commit {results['commit']}, {results['machine']}, "
        f"Python {results['python']}"
    )


def figure(name: str, value: float, goal: float | None, *, at_most: bool = False) -> str:
    """A row of figure, result, goal and whether it was met."""
    shown = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - no decimals there
    if goal is None:
        return f"| {name} | {shown} | reported | |"
    met = value <= goal if at_most else value >= goal
    return f"| {name} | {shown} | {'≤' if at_most else '≥'} {goal:,g} | {'yes' if met else 'no'} |"


def figures(*rows: str) -> list[str]:
    """A table of such rows."""
    return ["| figure | result | goal | met |", "|---|---|---|---|", *rows]

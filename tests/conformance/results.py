"""What a run of this suite has shown, and the table of it in docs/gateway.md.

    CONFORMANCE_RESULTS=tests/conformance/results.json pytest tests/conformance
    CONFORMANCE_RESULTS=… STACK=compose pytest tests/conformance    # adds its column
    python -m conformance.results                                   # in tests/: writes the table

A run replaces the cells of the edges and modules that it was on, and leaves the others.
"""

import ast
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
FILE: Final = HERE / "results.json"
PAGE: Final = HERE.parents[1] / "docs/gateway.md"
BEGIN: Final = "<!-- results: written by conformance.results -->\n"
END: Final = "<!-- end of results -->\n"
COLUMNS: Final = {
    "embedded": "embedded",
    "traefik": "Traefik",
    "compose": "Traefik in containers",
}
# For each kind of edge and each module: how many tests passed, and how many ran.
Results = dict[str, dict[str, tuple[int, int]]]


@dataclass(slots=True)
class Record:
    """Counts the outcomes of one run."""

    passed: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, kind: str, module: str, outcome: str) -> None:
        """Take note of one test."""
        (self.passed if outcome == "passed" else self.failed)[kind, module] += 1

    def merged_into(self, before: Results) -> Results:
        """The results with this run's cells in place of those from before."""
        after = {kind: dict(column) for kind, column in before.items()}
        for kind, module in {*self.passed, *self.failed}:
            passed = self.passed[kind, module]
            after.setdefault(kind, {})[module] = passed, passed + self.failed[kind, module]
        return after

    def write(self, path: Path) -> None:
        """Merge it into the file."""
        before = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps(self.merged_into(before), indent=1, sort_keys=True) + "\n")


def render(results: Results) -> str:
    """The table, in Markdown."""
    head = ["area", "tests", *COLUMNS.values(), "may differ"]
    lines = [head, ["---"] * len(head), *_rows(results)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _rows(results: Results) -> Iterator[list[str]]:
    for path in sorted(HERE.glob("test_*.py")):
        tree = ast.parse(path.read_text())
        area = (ast.get_docstring(tree) or "").partition("\n")[0].rstrip(".")
        cells = [_cell(results.get(kind, {}), path.name) for kind in COLUMNS]
        yield [area, f"`{path.name}`", *cells, ", ".join(map(str, _differing(tree))) or "nothing"]


def _cell(column: Mapping[str, tuple[int, int]], module: str) -> str:
    passed, ran = column.get(module, (0, 0))
    if not ran:
        return "not run"
    return f"{passed} pass" if passed == ran else f"{passed} of {ran} pass"


def _differing(tree: ast.Module) -> list[int]:
    """The module's `MAY_DIFFER`: numbers of the list below the table."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MAY_DIFFER":
            return list(ast.literal_eval(node.value))
    return []


def inserted(page: str, table: str) -> str:
    """The page with this table in its place."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def main() -> None:
    """Write the table of the last runs into the page."""
    table = render(json.loads(FILE.read_text()))
    PAGE.write_text(inserted(PAGE.read_text(), table))


if __name__ == "__main__":
    main()

"""The table in docs/gateway.md is that of the committed results, and what it names is there."""

import json
import re

from conformance.results import COLUMNS, FILE, HERE, PAGE, inserted, render

RESULTS = json.loads(FILE.read_text())
DOCUMENT = PAGE.read_text()


def test_the_page_has_the_table_of_the_results() -> None:
    """Renew it: `python -m conformance.results` in tests/."""
    assert inserted(DOCUMENT, render(RESULTS)) == DOCUMENT


def test_every_module_was_run_on_every_edge_that_has_it() -> None:
    modules = {path.name for path in HERE.glob("test_*.py")}
    assert RESULTS.keys() == COLUMNS.keys()
    for kind, column in RESULTS.items():
        only_with_tls = {"test_plain_http.py"} if kind == "embedded" else set()
        assert column.keys() == modules - only_with_tls


def test_every_difference_that_is_named_is_explained() -> None:
    rows = render(RESULTS).splitlines()[2:]
    cells = [row.removesuffix(" |").rpartition("| ")[2] for row in rows]
    named = {int(number) for cell in cells for number in re.findall(r"\d+", cell)}
    explained = set(map(int, re.findall(r"^(\d{1,2})\. ", DOCUMENT, re.MULTILINE)))
    assert named == explained

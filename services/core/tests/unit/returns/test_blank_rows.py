"""Blank rows of a sheet: however many and however written, they are counted and cost little."""

from pathlib import Path
from time import process_time
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core_service.returns.files import sheets
from core_service.returns.files.limits import FileUnreadable
from core_service.returns.files.rows import open_return
from core_service.returns.files.tables import SourceRow
from core_service.returns.issues import Issue
from testkit.core.return_files import HEADER, row_of, rows, workbook

GOOD: Final = rows(1)[0]
KINDS: Final = {
    "short": '<row r="{0}"/>',
    "unnumbered": "<row/>",
    "styled": '<row r="{0}" s="1" customFormat="1"><c r="A{0}" s="1"/><c r="B{0}" s="1"/></row>',
    "prefixed": '<x:row r="{0}" xmlns:x="y"><x:c r="A{0}" s="1"/></x:row>',
    "wide": '<row r="{0}">' + "".join(f'<c r="{c}{{0}}" s="1"/>' for c in "ABCDEFGHIJ") + "</row>",
}


def read(path: Path, lines: list[str]) -> tuple[list[SourceRow], list[Issue]]:
    path.write_bytes(workbook([row_of(HEADER, ' r="1"'), *lines]))
    with open_return(path) as file:
        return list(file.rows), file.issues


RUNS: Final = st.lists(
    st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 3000), st.booleans()), max_size=4
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(RUNS)
def test_rows_behind_any_blank_ones_are_read_and_all_are_counted(
    tmp_path: Path, runs: list[tuple[str, int, bool]]
) -> None:
    lines: list[str] = []
    for kind, number, is_numbered in [*runs, ("short", 0, True)]:
        lines += [KINDS[kind].format(len(lines) + 2 + n) for n in range(number)]
        reference = f' r="{len(lines) + 2}"' if is_numbered else ""
        lines.append(row_of(GOOD, reference))
    found, issues = read(tmp_path / "return", lines)
    assert issues == []
    assert sum(source.count for source in found) == len(lines)
    assert sum(not source.is_blank for source in found) == len(runs) + 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_blank_rows_at_the_end_are_one_number(tmp_path: Path, kind: str) -> None:
    blank = [KINDS[kind].format(n) for n in range(3, 20_003)]
    found, issues = read(tmp_path / "return", [row_of(GOOD), *blank])
    assert len(found) == 1
    assert [issue.value for issue in issues] == ["20000"]


def test_most_blank_rows_are_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blank = [KINDS["wide"].format(n) for n in range(3, 20_003)]
    path = tmp_path / "return"

    def seconds() -> float:
        began = process_time()
        read(path, [row_of(GOOD), *blank])
        return process_time() - began

    skipping = seconds()
    monkeypatch.setattr(sheets, "WALKED", 10**9)
    assert skipping < seconds() / 2


def test_a_sheet_that_is_cut_short_in_its_blank_rows_is_damaged(tmp_path: Path) -> None:
    blank = [KINDS["styled"].format(n) for n in range(3, 20_003)]
    path = tmp_path / "return"
    path.write_bytes(workbook([row_of(HEADER), row_of(GOOD), *blank, "<!--"]))
    with open_return(path) as file, pytest.raises(FileUnreadable):
        list(file.rows)

"""Whatever happens to a valid file, each of its lines is a row or named, and nothing raises."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core_service.returns.errors import FileEmpty, FileNotReturn
from core_service.returns.files.limits import FileUnreadable
from core_service.returns.files.rows import open_return
from core_service.returns.files.tables import SourceRow
from core_service.returns.files.uploads import require_return
from core_service.returns.issues import Issue, IssueCode
from testkit.core.hostile_files import SHEET
from testkit.core.return_files import (
    HEADER,
    PLAIN,
    Dress,
    Workbook,
    WorkbookSheet,
    rows,
    table,
    workbook,
)

ROWS: Final = 8
TEXT: Final = PLAIN.file(table(ROWS))
WORKBOOK: Final = workbook(table(ROWS))
MUTATING: Final = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
REFUSALS: Final = (FileUnreadable, FileNotReturn, FileEmpty)

Read = Callable[[bytes], tuple[list[SourceRow], list[Issue]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a file as an upload and the worker do; its rows are numbered without a gap."""
    path = tmp_path / "return"

    def run(content: bytes) -> tuple[list[SourceRow], list[Issue]]:
        require_return(io.BytesIO(content))
        path.write_bytes(content)
        with open_return(path) as file:
            found = list(file.rows)
            if not file.header.is_usable:
                assert any(issue.code.startswith("HDR_") for issue in file.issues)
        next_row = 1
        for source in found:
            assert source.row_no == next_row
            next_row = source.last_row_no + 1
        return found, file.issues

    return run


def number(found: list[SourceRow]) -> int:
    return sum(source.count for source in found)


PIECES: Final = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [
            b'"',
            b'""',
            b",",
            b";",
            b"\t",
            b"\n",
            b"\r",
            b"\r\n",
            b"\0",
            b"\xff",
            b"\xc3",
            b"\xef\xbb\xbf",
        ]
    ),
)
CHANGES: Final = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 12), PIECES), min_size=1, max_size=6
)


def mutated(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """The bytes with pieces cut out and others put in their place."""
    for position, cut, piece in changes:
        at = position % (len(content) + 1)
        content = content[:at] + piece + content[at + cut :]
    return content


@MUTATING
@given(CHANGES)
def test_any_bytes_of_a_text_may_change(read: Read, changes: list[tuple[int, int, bytes]]) -> None:
    try:
        read(mutated(TEXT, changes))
    except REFUSALS as refusal:
        assert str(refusal)  # noqa: PT017 - either may come


@MUTATING
@given(st.integers(0, len(TEXT)), st.sampled_from(['"', '""', '"x', ',"', '",']))
def test_a_stray_quote_below_the_header_costs_no_row(read: Read, at: int, stray: str) -> None:
    head, _, body = TEXT.partition(b"\n")
    position = at % len(body)
    found, _ = read(b"%b\n%b%b%b" % (head, body[:position], stray.encode(), body[position:]))
    assert number(found) == ROWS


CELLS: Final = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=9)
LINES: Final = st.lists(
    st.one_of(
        st.sampled_from(rows(ROWS)),
        st.just(("",) * 38),
        st.lists(CELLS, min_size=1, max_size=45).map(tuple),
    ),
    max_size=12,
)


@MUTATING
@given(LINES, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_rows_below_the_header_are_rows_or_named(
    read: Read, lines: list[tuple[str, ...]], separator: str, encoding: str
) -> None:
    plain = [tuple(" ".join(str(cell).split()) for cell in line) for line in lines]
    found, issues = read(Dress(separator, "\r\n", encoding).file([*table(1), *plain, *rows(1)]))
    blank_at_end = sum(int(each.value or 0) for each in issues if each.code is IssueCode.EMPTY_ROW)
    assert number(found) + blank_at_end == len(plain) + 2


@MUTATING
@given(st.lists(st.sampled_from(range(ROWS + 1)), unique=True, min_size=3))
def test_lines_in_any_order_are_all_accounted_for(read: Read, order: list[int]) -> None:
    lines = TEXT.splitlines(keepends=True)
    found, issues = read(b"".join(lines[index] for index in order))
    if 0 in order:
        assert number(found) == len(order) - 1
    else:
        assert [issue.code for issue in issues] == [IssueCode.HDR_MISSING]


@MUTATING
@given(CHANGES)
def test_any_bytes_of_a_workbook_may_change(
    read: Read, changes: list[tuple[int, int, bytes]]
) -> None:
    try:
        read(mutated(WORKBOOK, changes))
    except REFUSALS as refusal:
        assert str(refusal)  # noqa: PT017 - either may come


@MUTATING
@given(CHANGES)
def test_any_bytes_of_a_sheet_may_change(read: Read, changes: list[tuple[int, int, bytes]]) -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        sheet = mutated(archive.read(SHEET), changes)
    try:
        read(Workbook([WorkbookSheet(table(ROWS))], parts={SHEET: sheet}).file())
    except REFUSALS as refusal:
        assert str(refusal)  # noqa: PT017 - either may come


SHEETS: Final = st.lists(
    st.tuples(
        st.sampled_from(["visible", "hidden", "veryHidden"]),
        st.booleans(),
        st.lists(st.sampled_from([*rows(4), ("",) * 38, ("Total", "4"), ("Note",)]), max_size=6),
    ),
    min_size=1,
    max_size=4,
)


@MUTATING
@given(SHEETS)
def test_the_rows_of_all_visible_sheets_are_read_and_others_named(
    read: Read, sheets: list[tuple[str, bool, list[tuple[str, ...]]]]
) -> None:
    made = [
        WorkbookSheet([*([HEADER] if has_header else []), *lines], f"s{index}", state)
        for index, (state, has_header, lines) in enumerate(sheets)
    ]
    found, issues = read(Workbook(made).file())
    read_sheets = {source.more["#sheet"] for source in found}
    skipped = {issue.value for issue in issues if issue.code is IssueCode.SHEET_SKIPPED}
    for sheet, (state, has_header, lines) in zip(made, sheets, strict=True):
        filled = [line for line in lines if any(line)]
        of_sheet = [each for each in found if each.more["#sheet"] == sheet.name]
        if state != "visible":
            assert sheet.name in skipped
        elif sheet.name in read_sheets:
            assert len([each for each in of_sheet if not each.is_blank]) == len(filled)
        elif filled:
            assert sheet.name in skipped
            assert not has_header

"""Files in the dress they come in: encodings, line ends, blank lines, workbooks."""

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]  # it ships no types

from core_service.returns.files.header import COLUMNS
from core_service.returns.files.limits import FileUnreadable
from core_service.returns.files.rows import open_return
from core_service.returns.files.tables import SourceRow
from core_service.returns.issues import IssueCode

HEADER = ",".join(COLUMNS)


def _row(*first: str) -> list[str]:
    return [*first, *("" for _ in COLUMNS[len(first) :])]


def _read(path: Path, content: bytes) -> tuple[list[IssueCode], list[SourceRow]]:
    path.write_bytes(content)
    with open_return(path) as file:
        return [issue.code for issue in file.issues], list(file.rows)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "return"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_is_read_with_and_without_a_mark_and_with_any_line_end(
    path: Path, end: str, encoding: str
) -> None:
    text = end.join([HEADER, ",".join(_row("Tëstville")), ""])
    codes, rows = _read(path, text.encode(encoding))
    assert codes == []
    assert [(row.row_no, row.values[0]) for row in rows] == [(1, "Tëstville")]


def test_windows_1252_is_read_with_a_remark(path: Path) -> None:
    text = f"{HEADER}\n{','.join(_row('Tëstville €'))}\n"
    codes, rows = _read(path, text.encode("cp1252"))
    assert codes == [IssueCode.ENC_FALLBACK]
    assert rows[0].values[0] == "Tëstville €"


def test_a_character_cut_off_at_the_end_falls_back_too(path: Path) -> None:
    codes, _ = _read(path, f"{HEADER}\nTest".encode() + "ë".encode()[:1])
    assert codes == [IssueCode.ENC_FALLBACK]


def test_lines_before_the_header_do_not_count_as_rows(path: Path) -> None:
    text = "\n".join(["", "", "Daily return of Testville", HEADER, ",".join(_row("Testville"))])
    _, rows = _read(path, text.encode())
    assert [row.row_no for row in rows] == [1]


def test_blank_lines_between_rows_count_and_at_the_end_do_not(path: Path) -> None:
    row = ",".join(_row("Testville"))
    _, rows = _read(path, f"{HEADER}\n{row}\n\n{row}\n\n\n".encode())
    assert [(row.row_no, row.is_blank) for row in rows] == [(1, False), (2, True), (3, False)]


def test_blank_rows_that_follow_each_other_are_one_with_their_number(path: Path) -> None:
    row = ",".join(_row("Testville"))
    _, rows = _read(path, f"{HEADER}\n{row}\n\n{',' * 37}\n\n{row}\n".encode())
    assert [(row.row_no, row.count, row.is_blank) for row in rows] == [
        (1, 1, False),
        (2, 3, True),
        (5, 1, False),
    ]


def test_a_row_of_commas_is_a_blank_row_even_at_the_end(path: Path) -> None:
    _, rows = _read(path, f"{HEADER}\n{',' * 37}\n".encode())
    assert [row.is_blank for row in rows] == [True]


def test_a_file_without_header_says_so(path: Path) -> None:
    codes, rows = _read(path, b"a,b,c\n1,2,3\n")
    assert codes == [IssueCode.HDR_MISSING]
    assert rows == []


def test_an_open_quote_costs_no_other_row_even_where_rows_do_not_look_like_rows(
    path: Path,
) -> None:
    row = ",".join(_row("Testville", "x" * 100))
    lines = [HEADER, row, '"' + row, *[row] * 2000]
    _, rows = _read(path, "\n".join(lines).encode())
    assert len(rows) == 2002
    assert [row.row_no for row in rows if row.more] == [2]
    assert rows[-1].values[0] == "Testville"


def test_a_workbook_is_read_like_a_file_of_text(path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["Daily return"])
    sheet.append([])
    sheet.append(COLUMNS)
    sheet.append(["Testville", 3, "Feb", 2025.0])
    sheet.append([])
    sheet.append(["Testville", datetime(2025, 2, 3)])  # noqa: DTZ001 - a cell holds no time zone
    buffer = io.BytesIO()
    workbook.save(buffer)
    codes, rows = _read(path, buffer.getvalue())
    assert codes == []
    assert [row.is_blank for row in rows] == [False, True, False]
    assert {len(row.values) for row in rows} == {38}
    assert rows[0].values[:4] == ("Testville", "3", "Feb", "2025")


def test_an_archive_that_is_no_workbook_is_unreadable(path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "not a workbook")
    with pytest.raises(FileUnreadable):
        _read(path, buffer.getvalue())


def test_a_workbook_packed_with_a_broken_lzma_is_unreadable(path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 50)
    content = bytearray(buffer.getvalue())
    data = content.index(b"[Content_Types].xml") + len(b"[Content_Types].xml")
    content[data + 4] = 0xFF  # of its properties
    with pytest.raises(FileUnreadable):
        _read(path, bytes(content))


def test_a_workbook_cut_short_is_unreadable(path: Path) -> None:
    with pytest.raises(FileUnreadable):
        _read(path, b"PK\x03\x04" + b"x" * 100)


TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(TEXT, min_size=38, max_size=38), max_size=5))
@example([["\x1a", *[""] * 37]])
def test_what_a_csv_writer_wrote_is_read_back(path: Path, rows: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([COLUMNS, *rows])
    _, found = _read(path, buffer.getvalue().encode())
    written = [row for row in rows if any(cell.strip() for cell in row)]
    assert [list(row.values) for row in found if not row.is_blank] == written
    assert sum(row.count for row in found) == len(rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_after_the_header_give_rows_and_never_an_error(path: Path, junk: bytes) -> None:
    _, rows = _read(path, HEADER.encode() + b"\n" + junk)
    assert [row.row_no for row in rows] == [1, *(row.last_row_no + 1 for row in rows)][: len(rows)]

"""Workbooks as other programs read them."""

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl  # type: ignore[import-untyped]
import pytest

from core_service.documents.cells import Cell, Style, Styled
from core_service.documents.workbook import Layout, WorkbookWriter

LAYOUT = Layout("Cases", (12, 30), ("on", "text"), [[Styled("Testville", Style.TITLE)], []])


def workbook(rows: Iterable[Sequence[Cell]], writer: WorkbookWriter | None = None) -> bytes:
    writer = writer or WorkbookWriter(UTC)
    return writer.begin(LAYOUT) + b"".join(writer.rows([row]) for row in rows) + writer.finish()


def read(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_dates_and_numbers_are_no_texts() -> None:
    at = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
    sheet = read(workbook([[date(2026, 3, 2), 7], [at, 2.5], [date(1900, 1, 1), True]]))["Cases"]
    rows = list(sheet.iter_rows(min_row=4))
    assert [cell.value for cell in rows[0]] == [datetime(2026, 3, 2), 7]  # noqa: DTZ001 - a cell has none
    assert rows[0][0].is_date
    assert [cell.value for cell in rows[1]] == [datetime(2026, 3, 2, 12, 30), 2.5]  # noqa: DTZ001 - as above
    # Programs disagree on which day the numbers before March 1900 mean.
    assert [cell.value for cell in rows[2]] == ["1900-01-01", True]


def test_times_are_those_of_the_courts() -> None:
    at = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)
    (row,) = read(workbook([[at, 1]], WorkbookWriter(ZoneInfo("Africa/Nairobi"))))[
        "Cases"
    ].iter_rows(min_row=4, values_only=True)
    assert row[0] == datetime(2026, 3, 2, 0, 30)  # noqa: DTZ001 - a cell has none


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1"])
def test_what_looks_like_a_formula_is_text_and_stays_text_when_edited(text: str) -> None:
    (row,) = read(workbook([[None, text]]))["Cases"].iter_rows(min_row=4)
    assert (row[1].value, row[1].data_type) == (text, "s")
    assert row[1].quotePrefix


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('<a> & "b"', '<a> & "b"'),
        (" padded\nlines ", " padded\nlines "),
        ("bell\x07\ud800", "bell\ufffd\ufffd"),
        ("E\u0301 Ĩ \U0001d518", "E\u0301 Ĩ \U0001d518"),
        ("x" * 40_000, "x" * 32_767),
    ],
)
def test_any_text_can_be_in_a_cell(text: str, shown: str) -> None:
    (row,) = read(workbook([[None, text]]))["Cases"].iter_rows(min_row=4)
    assert row[1].value == shown


def test_what_looks_like_an_escaped_character_is_escaped() -> None:
    content = zipfile.ZipFile(io.BytesIO(workbook([[None, "_x0041_"]])))
    assert b"<t>_x005F_x0041_</t>" in content.read("xl/worksheets/sheet1.xml")


def test_rows_that_no_sheet_holds_go_on_in_the_next() -> None:
    writer = WorkbookWriter(UTC, sheet_rows=10)
    opened = read(workbook([[date(2026, 3, 2), str(number)] for number in range(20)], writer))
    assert opened.sheetnames == ["Cases", "Cases (2)", "Cases (3)"]
    rows = (sheet.iter_rows(min_row=4, values_only=True) for sheet in opened)
    found = [row[1] for each in rows for row in each]
    assert found == [str(number) for number in range(20)]
    assert all(sheet["B3"].value == "text" for sheet in opened)


def test_a_printed_sheet_repeats_its_heading_across_an_a4_page() -> None:
    sheet = read(workbook([]))["Cases"]
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "A4"
    page = sheet.page_setup
    assert (page.orientation, str(page.paperSize), page.fitToHeight) == ("landscape", "9", 0)
    assert sheet.column_dimensions["B"].width == 30


def test_the_same_rows_make_the_same_bytes() -> None:
    rows: list[list[Cell]] = [[date(2026, 3, 2), "one"]]
    assert workbook(rows) == workbook(rows)


def test_no_sheet_is_stored_while_it_is_written() -> None:
    writer = WorkbookWriter(UTC)
    sent = len(writer.begin(LAYOUT))
    for _ in range(40):
        sent += len(writer.rows([[date(2026, 3, 2), f"{n * 7919}"] for n in range(500)]))
    assert len(writer.finish()) < sent / 10


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_converts_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    path.write_bytes(workbook([[date(2026, 3, 2), "=1+1"], [date(2026, 3, 3), "Ĩ <&>"]]))
    subprocess.run(  # noqa: S603 - a fixed command
        [
            shutil.which("soffice") or "",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            *("--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1"),
            *("--outdir", str(tmp_path), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=100,
    )
    rows = list(csv.reader((tmp_path / "cases.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[2:] == [["on", "text"], ["2026-03-02", "=1+1"], ["2026-03-03", "Ĩ <&>"]]

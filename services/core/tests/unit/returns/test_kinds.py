"""Files that are no returns are refused with the reason in words."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from core_service.returns.errors import FileEmpty, FileNotReturn
from core_service.returns.files.header import COLUMNS
from core_service.returns.files.limits import FileUnreadable
from core_service.returns.files.rows import open_return
from core_service.returns.files.uploads import require_return
from core_service.returns.issues import IssueCode
from testkit.core.hostile_files import SHEET
from testkit.core.return_files import (
    PLAIN,
    Dress,
    Workbook,
    WorkbookSheet,
    Xml,
    row,
    table,
    workbook,
)

SHEETLESS: Final = Workbook([WorkbookSheet(table())], parts={"xl/workbook.xml": b"<w"})
TEXT: Final = PLAIN.file(table())

FIXED_WIDTH: Final = "\n".join(
    "".join(f"{value!s:24}" for value in line) for line in table()
).encode()


def shown(**states: str) -> bytes:
    """A workbook of sheets that are shown or not; a shown one has a title alone."""
    sheets = [
        WorkbookSheet([("Return",)] if state == "visible" else table(), name, state)
        for name, state in states.items()
    ]
    return Workbook(sheets).file()


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


def ole(*streams: str) -> bytes:
    """An OLE file, as far as its magic bytes and the names in its directory go."""
    names = "\0".join(streams).encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1500 + names


def encrypted_archive() -> bytes:
    content = bytearray(archive("xl/workbook.xml"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html><table><tr><td>court</td></tr></table></html>", "saved as HTML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<p>", "saved as HTML"),
        ("\ufeff<html><body><table>".encode("utf-16-le"), "saved as HTML"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "saved as HTML"),
        (b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "web page"),
        (b'<?xml version="1.0"?>\n<Workbook xmlns="urn:x">', "saved as XML"),
        (b'[{"court": "Testville"}]', "JSON"),
        (b"{\\rtf1\\ansi court}", "rich text"),
        (b"ID;PWXL;N;E\n", "SYLK"),
        (ole("Workbook"), r"an old \.xls workbook"),
        (ole("Book"), r"an old \.xls workbook"),
        (ole("EncryptionInfo", "EncryptedPackage"), "encrypted; remove its password"),
        (ole("WordDocument"), r"an old \.doc document"),
        (ole(), "an old Excel or Word file"),
        (encrypted_archive(), "encrypted; remove its password"),
        (archive("xl/workbook.bin", "[Content_Types].xml"), r"a binary \.xlsb workbook"),
        (archive("mimetype", "content.xml"), r"\(\.ods\)"),
        (archive("Index/Document.iwa"), "Apple Numbers"),
        (archive("word/document.xml"), "a Word document"),
        (archive("ppt/presentation.xml"), "PowerPoint"),
        (archive("return.csv"), "an archive, and no XLSX workbook; unpack it first"),
        (archive(), "empty"),
        (b"PK\x03\x04 cut short", "damaged archive"),
        (workbook(table())[:-200], "damaged archive"),
        (gzip.compress(TEXT), "gzip archive; unpack it first"),
        (bz2.compress(TEXT), "bzip2 archive; unpack it first"),
        (lzma.compress(TEXT), "xz archive; unpack it first"),
        (b"7z\xbc\xaf\x27\x1c\x00", "7z archive"),
        (b"Rar!\x1a\x07\x00", "RAR archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00", "a PNG image"),
        (bytes(range(256)) * 8, "binary data"),
        (b"\n\n%PDF-1.7", "a PDF document"),
        (b"<!-- of a clerk --><table><tr><td>court</td></tr></table>", "saved as HTML"),
        (b"<style>td{}</style><table>", "saved as HTML"),
        (b"From: a@b.example\nSubject: The return\nMIME-Version: 1.0\n\n", "an e-mail"),
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "a DIF table"),
    ],
)
def test_what_is_no_return_is_refused_with_the_reason_in_words(content: bytes, reason: str) -> None:
    with pytest.raises(FileNotReturn, match=reason):
        require_return(io.BytesIO(content))


@pytest.mark.parametrize("content", [b"", b" \r\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_a_file_of_nothing_is_empty(content: bytes) -> None:
    with pytest.raises(FileEmpty):
        require_return(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        Dress(encoding="utf-16").file(table()),
        Dress(encoding="utf-16-le").file(table()),
        Dress("\t", "\r").file(table()),
        TEXT.replace(b"Testville", b"Test\0ville", 1),
        TEXT + b"\x1a",
        TEXT + bytes(500),
        b"From,To,Date\n" + TEXT,
        workbook(table()),
    ],
)
def test_what_may_be_a_return_is_let_through_and_left_at_its_start(content: bytes) -> None:
    file = io.BytesIO(content)
    require_return(file)
    assert file.read() == content


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"a,b,c\n1,2,3\n", ["court", "date_dd", "outcome", "separated by commas"]),
        (b"court date_dd date_mon\nTestville 3 Feb\n", ["first 20 lines", "separated by commas"]),
        (b"\n".join([b"x"] * 20 + [TEXT]), ["first 20 lines"]),
        (TEXT.replace(b",outcome,", b",result,", 1), ["outcome is missing"]),
        (TEXT.replace(b"court,", b"x,", 1), ["court is missing"]),
        (
            workbook([("court", "date_dd", "date_mon", "date_yyyy", "caseid_no")]),
            ["filed_dd", "Return"],
        ),
        (workbook([]), ["court", "first 20 lines", "sheets have no cells"]),
        (b",,,\r\n" * 30, ["court", "first 20 lines", "The lines are blank"]),
        (PLAIN.file(table()[1:]), ["The first lines are rows", "court, date_dd"]),
        (
            Dress("^").file(table()[1:]),
            ["The first lines are rows"],
        ),
        (TEXT.replace(b",", b" "), ["separated by blanks, or of a fixed width; save it as CSV"]),
        (FIXED_WIDTH, ["separated by blanks, or of a fixed width"]),
        (
            shown(Cover="visible", Old="hidden", New="veryHidden"),
            [
                "No sheet that is shown has the columns of a return: Cover.",
                "Hidden sheets are not read; show the one with the return: Old, New.",
            ],
        ),
        (shown(Old="hidden"), ["show the one with the return: Old."]),
        (shown(Cover="visible", Notes="visible"), ["has the columns of a return: Cover, Notes."]),
    ],
)
def test_a_file_without_its_columns_names_them(
    tmp_path: Path, content: bytes, named: list[str]
) -> None:
    path = tmp_path / "return"
    path.write_bytes(content)
    with open_return(path) as file:
        assert not file.header.is_usable
        fatal = [issue for issue in file.issues if issue.code is IssueCode.HDR_MISSING]
        named_columns = "; ".join(issue.message for issue in fatal)
    for each in named:
        assert each in named_columns


def renamed(**parts: str) -> bytes:
    """A workbook whose parts have other names."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(table()))) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for name in old.namelist():
            new.writestr(parts.get(name.rpartition("/")[2].partition(".")[0], name), old.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            lambda: workbook([COLUMNS, row(court=Xml('<c t="s"><v>7</v></c>'))]),
            "shared strings",
        ),
        (lambda: renamed(sheet1="xl/elsewhere.xml"), "its sheet Return is missing"),
        (lambda: workbook(["<row><c><v>1</row>"]), "damaged"),
        (lambda: workbook(['<row r="x"/>', *table()]), "damaged"),
        (lambda: Workbook([WorkbookSheet(table())], parts={SHEET: b""}).file(), "damaged"),
        (
            SHEETLESS.file,
            "damaged",
        ),
    ],
)
def test_a_workbook_that_cannot_be_read_says_why(
    tmp_path: Path, content: Callable[[], bytes], reason: str
) -> None:
    path = tmp_path / "return"
    path.write_bytes(content())
    with pytest.raises(FileUnreadable, match=reason), open_return(path) as file:
        list(file.rows)

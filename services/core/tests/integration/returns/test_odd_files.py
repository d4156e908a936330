"""Odd files from upload to answer: each is refused in words or ends with results that sum up."""

import gzip
import io
import zipfile
from dataclasses import dataclass
from typing import Final

import pytest

from testkit.core.api import Api
from testkit.core.return_files import (
    HEADER,
    PLAIN,
    Dress,
    Workbook,
    WorkbookSheet,
    row,
    rows,
    table,
    workbook,
)
from testkit.core.returns import ReturnsClient

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1500)
TEXT: Final = PLAIN.file(table())
NOTHING: Final = "N/A"
HIDDEN: Final = [WorkbookSheet(table(), "Data", "hidden"), WorkbookSheet([("Title",)], "Cover")]
SIGNED: Final = [*table(), (), ("Prepared by", "Sign")]
SAYS_NOTHING: Final = {"judge_1": NOTHING, "custody": "NIL", "outcome": "-"}
TWICE: Final = PLAIN.file([(*HEADER, "outcome"), *rows(3)])


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Odd:
    """A file as it is sent, and what its sender learns: the counts, or why it is not read."""

    filename: str
    content: bytes
    counts: str = "3 new"
    error: str = ""


READ: Final = [
    Odd("a text named.xlsx", TEXT),
    Odd("a workbook named.csv", workbook(table())),
    Odd("carets.txt", Dress("^").file(table())),
    Odd("no rows.csv", PLAIN.file([HEADER]), ""),
    Odd("blank rows.xlsx", workbook([HEADER, *[[""] * 38] * 5]), ""),
    Odd("blank rows.csv", PLAIN.file([HEADER, *[[""] * 38] * 5]), "5 empty"),
    Odd("a total.csv", PLAIN.file([*table(), ("TOTAL", "3")]), "3 new, 1 rejected"),
    Odd(
        "signed.xlsx",
        workbook(SIGNED),
        "1 empty, 3 new, 1 rejected",
    ),
    Odd(
        "nothing.csv",
        PLAIN.file([HEADER, row(**SAYS_NOTHING)]),
        "1 new",
    ),
    Odd("nowhere.csv", PLAIN.file([HEADER, row(court=NOTHING)]), "1 rejected"),
    Odd("benches.csv", PLAIN.file([HEADER, row(judge_1="Sample, John & Trial, Mary")]), "1 new"),
]
FAILED: Final = [
    Odd("no header.csv", PLAIN.file(rows(3)), error="The first lines are rows"),
    Odd(
        "twice.csv",
        PLAIN.file([(*HEADER, "outcome"), *rows(3)]),
        error="2 columns are named outcome",
    ),
    Odd(
        "hidden.xlsx",
        Workbook(
            [WorkbookSheet(table(), "Data", "hidden"), WorkbookSheet([("T",)], "Cover")]
        ).file(),
        error="show the one with the return: Data",
    ),
    Odd("blanks.txt", TEXT.replace(b",", b"  "), error="separated by blanks, or of a fixed width"),
]
REFUSED: Final = [
    Odd("empty.csv", b"", error="no content"),
    Odd("old.xls", OLE + "Workbook".encode("utf-16-le"), error="an old .xls workbook"),
    Odd("secret.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), error="remove its password"),
    Odd("table.ods", zipped(**{"content.xml": b"x"}), error="(.ods)"),
    Odd("a.numbers", zipped(**{"Index/Document.iwa": b"x"}), error="Apple Numbers"),
    Odd("return.zip", zipped(**{"return.csv": TEXT}), error="unpack it first"),
    Odd("return.csv.gz", gzip.compress(TEXT), error="unpack it first"),
    Odd("page.xls", b"<html><table></table></html>", error="saved as HTML"),
]


@pytest.mark.parametrize("odd", READ, ids=lambda odd: odd.filename)
async def test_what_can_be_read_ends_with_results_that_sum_up(
    returns: ReturnsClient, admin: Api, odd: Odd
) -> None:
    sent = await returns.send(odd.content, odd.filename)
    assert sent.status_code == 202, sent.text
    batch = await returns.work(sent.json()["id"])
    counts = dict(batch["counts"])
    assert counts.pop("read") == sum(counts.values())
    found = ", ".join(f"{number} {name}" for name, number in sorted(counts.items()) if number)
    assert (batch["state"] in {"applied", "partial"}, found) == (True, odd.counts)
    assert (await admin.get("/aliases", state="pending")).json()["items"] == []


@pytest.mark.parametrize("odd", FAILED, ids=lambda odd: odd.filename)
async def test_what_has_no_usable_header_fails_in_words(returns: ReturnsClient, odd: Odd) -> None:
    sent = await returns.send(odd.content, odd.filename)
    batch = await returns.work(sent.json()["id"])
    assert batch["state"] == "failed"
    assert odd.error in batch["error"]["message"]


@pytest.mark.parametrize("odd", REFUSED, ids=lambda odd: odd.filename)
async def test_what_is_no_return_is_refused_in_words(returns: ReturnsClient, odd: Odd) -> None:
    sent = await returns.send(odd.content, odd.filename)
    assert sent.status_code in {415, 422}, sent.text
    assert odd.error in sent.json()["detail"]

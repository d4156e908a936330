"""The sheets of a workbook, to be read in a child process."""

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core_service.returns.files.archives import (
    DAMAGED,
    BoundedArchive,
    Element,
    Readable,
    elements,
)
from core_service.returns.files.limits import MAX_ROWS, FileUnreadable
from core_service.returns.files.sheets import Numbered, Styles, sheet_rows
from core_service.returns.files.strings import read_strings

# The number formats of Excel itself that show a date or a time.
_DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
# In a format's code: what is quoted, escaped or in brackets shows no part of a date.
_NO_DATE: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hmsHMS]+\])[^\]]*\]')
_DATE: Final = re.compile(r"[dmyhsDMYHS]")
# Of the XML of a row, to estimate how many there are.
_TYPICAL_ROW_BYTES: Final = 1000
MAX_NAME: Final = 100  # of a sheet, which is stored with each of its rows; Excel allows 31
WORKBOOK_PART: Final = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, whether people see it, and its rows (None where it has no cells)."""

    name: str
    is_hidden: bool
    rows: Iterator[Numbered] | None
    about: int = 0


@contextmanager
def open_workbook(path: Path) -> Iterator[list[Sheet]]:
    """Open a workbook; the rows of its sheets are read when they are iterated."""
    # A file object, since a name may have any ending.
    with path.open("rb") as file:
        with Readable():
            archive = BoundedArchive(file)
            sheets = _Workbook(archive).sheets()
        yield sheets


@dataclass(slots=True)
class _Workbook:
    archive: BoundedArchive

    def sheets(self) -> list[Sheet]:
        part = self._main_part()
        related = self._related(part)
        found = elements(self.archive, part)
        strings: list[str] = []
        styles = Styles(is_1904=any(map(_is_1904, found)))
        for kind, target in related.values():
            if kind == "sharedStrings" and self.archive.has(target):
                strings = read_strings(self.archive, target)
            elif kind == "styles" and self.archive.has(target):
                styles = Styles(self._date_styles(target), styles.is_1904)
        return [
            self._sheet(element, related, strings, styles)
            for element in found
            if element.name == "sheet" and element.parents[-1:] == ("sheets",)
        ]

    def _main_part(self) -> str:
        if self.archive.has("_rels/.rels"):
            for kind, target in self._related("").values():
                if kind == "officeDocument" and self.archive.has(target):
                    return target
        if not self.archive.has(WORKBOOK_PART):
            raise FileUnreadable(DAMAGED)
        return WORKBOOK_PART

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """By ID: the kind and the name of each part that this one refers to."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        for element in elements(self.archive, relations):
            given = element.attributes
            if element.name == "Relationship" and given.get("TargetMode") != "External":
                target = given.get("Target", "").replace("\\", "/")
                joined = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[given.get("Id", "")] = posixpath.basename(given.get("Type", "")), joined
        return found

    def _date_styles(self, part: str) -> frozenset[str]:
        formats: dict[str, str] = {}
        styles: list[str] = []
        for element in elements(self.archive, part):
            number = element.attributes.get("numFmtId", "0")
            if element.name == "numFmt":
                formats[number] = element.attributes.get("formatCode", "")
            elif element.name == "xf" and element.parents[-1:] == ("cellXfs",):
                styles.append(number)
        return frozenset(
            str(index) for index, number in enumerate(styles) if _shows_date(number, formats)
        )

    def _sheet(
        self,
        element: Element,
        related: dict[str, tuple[str, str]],
        strings: list[str],
        styles: Styles,
    ) -> Sheet:
        given = element.attributes
        name = given.get("name", "")[:MAX_NAME]
        is_hidden = given.get("state", "visible") != "visible"
        kind, part = related.get(given.get("id", ""), ("", ""))
        if kind != "worksheet":
            return Sheet(name, is_hidden, None)
        if not self.archive.has(part):
            raise FileUnreadable(f"The workbook is damaged: its sheet {name} is missing")
        about = min(self.archive.size(part) // _TYPICAL_ROW_BYTES, MAX_ROWS)
        return Sheet(name, is_hidden, sheet_rows(self.archive, part, strings, styles), about)


def _is_1904(element: Element) -> bool:
    stated = element.attributes.get("date1904", "0")
    return element.name == "workbookPr" and stated in ("1", "true", "on")


def _shows_date(number: str, formats: dict[str, str]) -> bool:
    code = formats.get(number)
    if code is None:
        return number.isdigit() and int(number) in _DATE_FORMATS
    return bool(_DATE.search(_NO_DATE.sub("", code))) and code.casefold() != "general"

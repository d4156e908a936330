"""How a file of text is written: its encoding, its line ends, the separator of its cells."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core_service.returns.files.header import known_columns
from core_service.returns.files.limits import MAX_ROWS, MIB, FileTooCostly

UTF_8, FALLBACK = "utf-8-sig", "cp1252"
SAMPLE_BYTES: Final = 256 * 1024
SAMPLE_LINES: Final = 100
SEPARATORS: Final = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    "^": "carets",
    "~": "tildes",
}
SEPARATOR_LINE: Final = re.compile(r'\ufeff?"?sep=(.)"?[\s,;]*', re.IGNORECASE | re.DOTALL)
# The share of NUL bytes in text of two bytes a character, most of which are Latin letters.
_WIDE_SHARE: Final = 0.3
# Not by `str.splitlines`, which ends lines at characters that cells hold.
_LINE_ENDS: Final = re.compile("\r\n|\r|\n")
# Bytes that are no UTF-8 become these characters.
_STRAY: Final = re.compile("[\udc80-\udcff]")
_OTHER: Final = re.compile("[^\x00-\x7f\udc80-\udcff\ufeff]")
_MARKS: Final = (
    # UTF-32 first: its mark begins like that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, UTF_8),
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of the file before its first row is read. `lines` is at least how many."""

    encoding: str
    lines: int
    newline: str
    separator: str

    @property
    def is_wide(self) -> bool:
        return self.encoding.startswith(("utf-16", "utf-32"))


def marked_encoding(head: bytes) -> str | None:
    """The encoding that the first bytes show: by a mark, or by NULs between Latin letters."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    half = len(head) // 2
    if half and head[1::2].count(0) > _WIDE_SHARE * half > head[::2].count(0):
        return "utf-16-le"
    if half and head[::2].count(0) > _WIDE_SHARE * half > head[1::2].count(0):
        return "utf-16-be"
    return None


def survey(path: Path) -> Survey:
    """Survey the whole file, whose encoding shows at any place. Raises FileTooCostly."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    encoding = marked_encoding(sample[:4096]) or _narrow_encoding(path)
    ends = _line_ends(path)
    text = sample.decode(encoding, "replace")
    return Survey(encoding, max(ends.lines, ends.returns), ends.newline, _separator(text))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(MIB):
            yield block


def _narrow_encoding(path: Path) -> str:
    """UTF-8, also where a few bytes are none; Windows-1252 where most beyond ASCII are none."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    stray = other = 0
    for block in _blocks(path):
        if not block.isascii() or decoder.getstate()[0]:
            text = decoder.decode(block)
            stray += len(_STRAY.findall(text))
            other += len(_OTHER.findall(text))
    stray += len(_STRAY.findall(decoder.decode(b"", final=True)))
    return FALLBACK if stray > other else UTF_8


@dataclass(frozen=True, slots=True)
class _LineEnds:
    lines: int
    returns: int
    """Carriage returns without a line feed, as old Macs end lines."""

    @property
    def newline(self) -> str:
        """How to open the file: at line feeds, or at any line end where carriage returns do."""
        return "" if self.returns > self.lines else "\n"


def _line_ends(path: Path) -> _LineEnds:
    lines = returns = 0
    for block in _blocks(path):
        # In text of two bytes a character NULs stand between; no other character has these bytes
        # often enough to matter.
        lines += block.count(b"\n")
        returns += block.count(b"\r") - block.count(b"\r\n") - block.count(b"\r\0\n")
        if max(lines, returns) > MAX_ROWS:
            raise FileTooCostly(f"The file has more than {MAX_ROWS} lines")
    return _LineEnds(lines, returns)


def _separator(text: str) -> str:
    """The separator by which some line names the most columns of a return; else a comma."""
    lines = _LINE_ENDS.split(text, SAMPLE_LINES)[:SAMPLE_LINES]
    candidates = list(SEPARATORS)
    stated = SEPARATOR_LINE.fullmatch(lines[0]) if lines else None
    if stated is not None and stated[1] not in ("\r", "\n", '"'):
        candidates = [stated[1], *candidates]
    return max(candidates, key=lambda each: _most_columns(text, each))


def _most_columns(text: str, separator: str) -> int:
    """Of quoted lines and of lines that an open quote has joined, whichever names more."""

    def best(lines: Callable[[], Iterator[Sequence[str]]]) -> int:
        found = 0
        try:
            for _, values in zip(range(SAMPLE_LINES), lines(), strict=False):
                found = max(found, known_columns(values))
        except csv.Error:
            pass
        return found

    stream = io.StringIO(text, newline="")
    return max(
        best(lambda: csv.reader(stream, delimiter=separator)),
        best(lambda: (line.split(separator) for line in _LINE_ENDS.split(text))),
    )

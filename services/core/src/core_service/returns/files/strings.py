"""The shared strings of a workbook, and the texts of its cells."""

import re
from dataclasses import dataclass, field
from typing import Final

from core_service.returns.files.archives import LOCAL_NAMES, BoundedArchive, new_parser

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """The text with the characters that XML cannot hold: `_x000D_` is a line's end."""
    if "_x" not in text:
        return text
    # A lone half of a pair is no character, and cannot be stored, nor can U+0000.
    return (
        _ESCAPE.sub(lambda found: chr(int(found[1], 16) or 0xFFFD), text)
        .encode("utf-8", "replace")
        .decode()
    )


@dataclass(slots=True)
class _StringParser:
    """Takes the XML of the shared strings piece by piece."""

    strings: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    in_text: bool = False
    phonetic: bool = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = LOCAL_NAMES[tag]
        if name == "si":
            self.pieces.clear()
        elif name == "rPh":
            self.phonetic = True
        elif name == "t":
            self.in_text = not self.phonetic

    def characters(self, data: str) -> None:
        if self.in_text:
            self.pieces.append(data)

    def end(self, tag: str) -> None:
        name = LOCAL_NAMES[tag]
        if name == "si":
            self.strings.append(unescaped("".join(self.pieces)))
        elif name == "rPh":
            self.phonetic = False
        elif name == "t":
            self.in_text = False


def read_strings(archive: BoundedArchive, part: str) -> list[str]:
    """The texts that cells refer to by number, without their phonetic readings."""
    reader = _StringParser()
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.characters
    parser.EndElementHandler = reader.end
    for piece in archive.pieces(part):
        parser.Parse(piece, not piece)
    return reader.strings

"""A workbook's archive: its parts by name, unpacked to a bounded size, and their XML."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final, Self
from xml.parsers import expat

from core_service.returns.files.limits import (
    MAX_DIRECTORY_BYTES,
    MAX_PART_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MIB,
    RATIO_FROM_BYTES,
    FileTooCostly,
    FileUnreadable,
    OutOfMemory,
)

XML_PIECE: Final = 64 * 1024
ENCRYPTED: Final = 0x1
_ENTRIES, _DIRECTORY_BYTES = 4, 5
NO_MEMORY: Final = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
ENTITIES: Final = 43  # XML_ERROR_AMPLIFICATION_LIMIT_BREACH, which pyexpat of 3.11 does not name
DAMAGED: Final = "The workbook is damaged, or it is no workbook"


def require_bounded_directory(file: IO[bytes]) -> None:
    """Raise FileTooCostly when the list of the archive's parts is itself too long to be read."""
    # By zipfile's own function, so that both find the same directory in an ambiguous file.
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    if end is None:
        return
    if end[_ENTRIES] > MAX_PARTS or end[_DIRECTORY_BYTES] > MAX_DIRECTORY_BYTES:
        raise FileTooCostly(_too_many(end[_ENTRIES]))


class BoundedArchive(zipfile.ZipFile):
    """A workbook's archive whose parts unpack to a bounded size. Raises FileTooCostly."""

    def __init__(self, file: IO[bytes]) -> None:
        require_bounded_directory(file)
        super().__init__(file)
        self.unpacked = 0
        self._judge()
        # Some programs write `\` for `/`, and names in any case.
        self.names: Mapping[str, str] = {
            name.replace("\\", "/").lstrip("/").casefold(): name for name in self.namelist()
        }

    def _judge(self) -> None:
        parts = self.infolist()
        if len(parts) > MAX_PARTS:
            raise FileTooCostly(
                f"The workbook has {len(parts)} parts; at most {MAX_PARTS} are read"
            )
        for part in parts:
            if part.flag_bits & ENCRYPTED:
                raise FileUnreadable("The archive is encrypted; remove its password")
            if part.file_size > MAX_PART_BYTES:
                raise FileTooCostly(_too_large("A part of the workbook", MAX_PART_BYTES))
            bound = max(RATIO_FROM_BYTES, MAX_RATIO * part.compress_size)
            if part.file_size > bound:
                raise FileTooCostly(
                    "A part of the workbook unpacks to more than"
                    f" {MAX_RATIO} times its size in the file"
                )
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise FileTooCostly(_too_large("The workbook", MAX_UNPACKED_BYTES))

    def has(self, name: str) -> bool:
        """Whether there is a part of this name, in whatever case."""
        return name.casefold() in self.names

    def size(self, name: str) -> int:
        """The bytes that the part declares to unpack to."""
        return self.getinfo(self.names[name.casefold()]).file_size

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a part, a piece at a time; the last one is empty. Raises KeyError."""
        with self.open(self.names[name.casefold()]) as part:
            while piece := part.read(XML_PIECE):
                self.unpacked += len(piece)
                if self.unpacked > MAX_UNPACKED_BYTES:
                    raise FileTooCostly(_too_large("The workbook", MAX_UNPACKED_BYTES))
                yield piece
        yield b""


def _too_many(parts: int) -> str:
    limit = f"at most {MAX_PARTS}, listed in at most {MAX_DIRECTORY_BYTES // MIB} MiB, are read"
    return f"The workbook has {parts} parts; {limit}"


def _too_large(what: str, limit: int) -> str:
    return f"{what} unpacks to more than {limit // MIB} MiB"


class _LocalNames(dict[str, str]):
    """Elements' names without prefixes: strict and prefixed documents are read like others."""

    def __missing__(self, name: str) -> str:
        local = name[name.rfind(":") + 1 :]
        if len(self) < _NAMES:
            self[name] = local
        return local


_NAMES: Final = 1000
LOCAL_NAMES: Final[Mapping[str, str]] = _LocalNames()


def new_parser() -> Any:
    """A parser of XML without a document type, since entities, which can multiply, need one."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_declaration: object) -> None:
    raise FileTooCostly("The workbook declares XML entities, which are not read")


@dataclass(slots=True)
class Readable:
    """Translates the errors of parsing a workbook: FileTooCostly, OutOfMemory, FileUnreadable."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, expat.ExpatError):
            if error.code == ENTITIES:
                raise FileTooCostly("The workbook's XML entities exceed every limit") from error
            if error.code == NO_MEMORY:
                raise OutOfMemory from error
            raise FileUnreadable(DAMAGED) from error
        known = (FileUnreadable, OutOfMemory, MemoryError, GeneratorExit)
        if isinstance(error, Exception) and not isinstance(error, known):
            # zipfile and its unpackers raise errors of a dozen kinds for damaged bytes.
            raise FileUnreadable(DAMAGED) from error


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a small part, with the text directly in it."""

    name: str
    attributes: Mapping[str, str]
    parents: tuple[str, ...]


def elements(archive: BoundedArchive, name: str) -> list[Element]:
    """The elements of a small part in their order."""
    found: list[Element] = []
    path: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = LOCAL_NAMES[tag]
        plain = {LOCAL_NAMES[key]: value for key, value in attributes.items()}
        found.append(Element(local, plain, tuple(path)))
        path.append(local)

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _tag: path.pop()
    for piece in archive.pieces(name):
        parser.Parse(piece, not piece)
    return found

"""The archive that a workbook is: its directory is checked before a part is read, and not trusted.

A directory may lie, so what is unpacked is counted again while it is read.
"""

import zipfile
from dataclasses import dataclass, field
from typing import IO, Any, Final, Self

from core_service.returns.limits import (
    MAX_DIRECTORY_BYTES,
    MAX_PART_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MIB,
    RATIO_FROM_BYTES,
    FileTooCostly,
)

# No part of a workbook has a document type, and entities, which can multiply, need one.
DECLARATIONS: Final = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP: Final = max(map(len, DECLARATIONS)) - 1
_ENTRIES, _DIRECTORY_BYTES = 4, 5


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

    def _judge(self) -> None:
        parts = self.infolist()
        if len(parts) > MAX_PARTS:
            raise FileTooCostly(
                f"The workbook has {len(parts)} parts; at most {MAX_PARTS} are read"
            )
        for part in parts:
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

    def open(self, *args: Any, **options: Any) -> Any:
        """A part to read, as zipfile opens it."""
        return _BoundedPart(super().open(*args, **options), self)

    def count(self, read: int) -> None:
        """Count bytes that were unpacked."""
        self.unpacked += read
        if self.unpacked > MAX_UNPACKED_BYTES:
            raise FileTooCostly(_too_large("The workbook", MAX_UNPACKED_BYTES))


@dataclass(slots=True)
class _BoundedPart:
    part: IO[bytes]
    archive: BoundedArchive
    tail: bytes = field(default=b"")

    def read(self, size: int = -1) -> bytes:
        piece = self.part.read(size)
        self.archive.count(len(piece))
        seen = self.tail + piece
        if any(declaration in seen for declaration in DECLARATIONS):
            raise FileTooCostly("The workbook declares XML entities, which are not read")
        self.tail = seen[-_OVERLAP:]
        return piece

    def close(self) -> None:
        self.part.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _too_many(parts: int) -> str:
    limit = f"at most {MAX_PARTS}, listed in at most {MAX_DIRECTORY_BYTES // MIB} MiB, are read"
    return f"The workbook has {parts} parts; {limit}"


def _too_large(what: str, limit: int) -> str:
    return f"{what} unpacks to more than {limit // MIB} MiB"

"""An uploaded file, checked by its first bytes before it is stored."""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from core_service.returns.errors import FileEmpty, FileNotReturn
from core_service.returns.files.limits import MIB, FileTooCostly
from core_service.returns.files.rows import ZIP_MAGIC
from core_service.returns.files.workbooks import require_bounded_directory

MAX_FILENAME: Final = 200
PIECE_BYTES: Final = MIB
LOOK_AT_BYTES: Final = 8192
WORKBOOK_PART: Final = "xl/workbook.xml"

_OTHERS: Final[Mapping[bytes, str]] = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as XLSX or CSV",
    b"\x1f\x8b": "a gzip archive",
    b"PK\x05\x06": "an empty archive",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file with its digest; it can be read again from its start."""

    filename: str
    file: BinaryIO
    sha256: str
    size: int

    @classmethod
    def of(cls, filename: str | None, file: BinaryIO) -> "Upload":
        """Read a file once, a piece at a time. Raises FileEmpty, FileNotReturn."""
        require_return(file)
        digest, size = hashlib.sha256(), 0
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
            size += len(piece)
        return cls(_shown_name(filename), file, digest.hexdigest(), size)


def require_return(file: BinaryIO) -> None:
    """Raise FileEmpty or FileNotReturn when the file cannot be a return; leaves it at its start."""
    file.seek(0)
    head = file.read(LOOK_AT_BYTES)
    if not head:
        raise FileEmpty("The file has no content")
    for magic, kind in _OTHERS.items():
        if head.startswith(magic):
            raise FileNotReturn(f"The file is {kind}")
    if head.startswith(ZIP_MAGIC):
        _require_workbook(file)
    elif b"\x00" in head:
        raise FileNotReturn("The file holds binary data; save it as CSV UTF-8 or XLSX")
    file.seek(0)


def _require_workbook(file: BinaryIO) -> None:
    try:
        require_bounded_directory(file)
        with zipfile.ZipFile(file) as archive:
            parts = archive.namelist()
    except FileTooCostly:
        return  # the batch will fail with this reason
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise FileNotReturn("The file is a damaged archive") from error
    if WORKBOOK_PART not in parts:
        raise FileNotReturn("The file is an archive, and no XLSX workbook")


def _shown_name(filename: str | None) -> str:
    """The name to show: no path, nothing unprintable, of limited length."""
    storable = (filename or "").encode("utf-8", "replace").decode()
    name = PurePosixPath(storable.replace("\\", "/")).name
    return "".join(filter(str.isprintable, name))[:MAX_FILENAME] or "return"

"""An uploaded file, checked by its first bytes before it is stored."""

import zipfile
from collections.abc import Mapping
from typing import BinaryIO, Final

from core_service.returns.errors import FileEmpty, FileNotReturn
from core_service.returns.files.limits import FileTooCostly
from core_service.returns.files.rows import ZIP_MAGIC
from core_service.returns.files.workbooks import require_bounded_directory

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
        return  # which the batch will say
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise FileNotReturn("The file is a damaged archive") from error
    if WORKBOOK_PART not in parts:
        raise FileNotReturn("The file is an archive, and no XLSX workbook")

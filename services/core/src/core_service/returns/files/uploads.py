"""An uploaded file, checked by its first bytes before it is stored."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from core_service.returns.errors import FileEmpty, FileNotReturn
from core_service.returns.files.kinds import why_refused
from core_service.returns.files.limits import MIB

MAX_FILENAME: Final = 200
PIECE_BYTES: Final = MIB
LOOK_AT_BYTES: Final = 8192


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
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise FileEmpty("The file has no content")
    refusal = why_refused(head, file)
    if refusal is not None:
        raise FileNotReturn(refusal)
    file.seek(0)


def _shown_name(filename: str | None) -> str:
    """The name to show: no path, nothing unprintable, of limited length."""
    storable = (filename or "").encode("utf-8", "replace").decode()
    name = PurePosixPath(storable.replace("\\", "/")).name
    return "".join(filter(str.isprintable, name))[:MAX_FILENAME] or "return"

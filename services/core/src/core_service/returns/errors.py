"""What can be wrong with an upload or a request about a batch."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from common.errors import Conflict, DomainError, NotFound, ValidationFailed


class ImportNotFound(NotFound):
    """There is no such batch, or none that the caller may see."""

    code: ClassVar[str] = "import-not-found"
    title: ClassVar[str] = "There is no such import"


class DuplicateFile(Conflict):
    """The same bytes came before; `batch_id` names the batch, to those who may see it."""

    code: ClassVar[str] = "duplicate-file"
    title: ClassVar[str] = "This file has been sent before"


class TooManyImports(DomainError):
    """The sender has reached the limit of files to be read, or of stored bytes."""

    status: ClassVar[HTTPStatus] = HTTPStatus.TOO_MANY_REQUESTS
    code: ClassVar[str] = "too-many-imports"
    title: ClassVar[str] = "Too many of your files are waiting or stored"


class FileEmpty(ValidationFailed):
    """The file has no content."""

    code: ClassVar[str] = "file-empty"
    title: ClassVar[str] = "The file is empty"


class FileNotReturn(DomainError):
    """The first bytes show that this is neither CSV nor XLSX."""

    status: ClassVar[HTTPStatus] = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code: ClassVar[str] = "file-not-a-return"
    title: ClassVar[str] = "A return is a CSV or an XLSX file"


class BatchNotReady(Conflict):
    """The batch is not in a state in which this can be done."""

    code: ClassVar[str] = "import-not-ready"
    title: ClassVar[str] = "The import cannot do this now"


class RowNotFound(NotFound):
    """The import has no such row, or none that the caller may see."""

    code: ClassVar[str] = "import-row-not-found"
    title: ClassVar[str] = "The import has no such row"


class RowNotRepairable(Conflict):
    """The row is applied, or there is nothing in it to repair."""

    code: ClassVar[str] = "import-row-not-repairable"
    title: ClassVar[str] = "Only a held or rejected row can be repaired"


class ImportBuiltUpon(Conflict):
    """Later imports or changes concern the same cases; `batches` and `cases` name them."""

    code: ClassVar[str] = "import-built-upon"
    title: ClassVar[str] = "Later imports or changes build on this import"
    example: ClassVar[Mapping[str, Any]] = {
        "batches": [
            {"id": "0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5e", "filename": "testville-2026-05-05.csv"}
        ],
        "cases": ["0199f3a2-7c1e-7d2a-9d5b-3f6a1c2b4d5f"],
    }

"""The source of a case or an activity: an import, a user, a service or the system."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID


class SourceKind(StrEnum):
    """How an entry was made."""

    IMPORT = "import"
    MANUAL = "manual"
    API = "api"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Source:
    """The source of an entry; batch, file and row are set only for imports."""

    kind: SourceKind
    batch_id: UUID | None = None
    filename: str | None = None
    row_no: int | None = None

    @classmethod
    def of(cls, row: Any) -> "Source":
        """The source in a row's columns."""
        return cls(row.source_kind, row.batch_id, row.filename, row.row_no)

    def columns(self) -> dict[str, Any]:
        """The source as columns of a row."""
        return {
            "source_kind": self.kind,
            "batch_id": self.batch_id,
            "filename": self.filename,
            "row_no": self.row_no,
        }


MANUAL: Final = Source(SourceKind.MANUAL)
SYSTEM_ITSELF: Final = Source(SourceKind.SYSTEM)

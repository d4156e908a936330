"""Where a fact came from: every entry of a case's history can say so."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class SourceKind(StrEnum):
    """How a fact reached us."""

    IMPORT = "import"
    MANUAL = "manual"
    API = "api"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Source:
    """The origin of a case or an activity; batch, file and row only for imports."""

    kind: SourceKind
    batch_id: UUID | None = None
    filename: str | None = None
    row_no: int | None = None


MANUAL: Final = Source(SourceKind.MANUAL)
SYSTEM_ITSELF: Final = Source(SourceKind.SYSTEM)

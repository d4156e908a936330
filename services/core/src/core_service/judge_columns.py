"""Columns that name a judge: each feature declares its own, and a merge of judges moves them."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, TableClause, Uuid, null, true

from core_service.tables import METADATA, Record


@dataclass(frozen=True, slots=True)
class JudgeColumn:
    """The column `name` of a table, where `condition` holds; merges count its rows as `kind`.

    What moves is audited where `audited` holds, as an event of the court `court_id`. The case
    `case_id` is replayed, where what follows from its activities may change.
    """

    kind: str
    model: type[Record]
    name: str
    condition: ColumnElement[bool] = field(default_factory=true)
    court_id: Any = field(default_factory=lambda: null().cast(Uuid))
    audited: Any = field(default_factory=true)
    case_id: Any = None

    @property
    def entity(self) -> str:
        """The table's name."""
        return str(self.model.__tablename__)

    @property
    def table(self) -> TableClause:
        return METADATA.tables[self.entity]


@dataclass(frozen=True, slots=True)
class JudgeColumns:
    """Those of all features below the judges."""

    declared: tuple[JudgeColumn, ...]

"""The base of repositories over court data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import SQLModel

from common.repository import Repository
from core_service.access.reach import OPTION, found

RowT = TypeVar("RowT", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class CourtDataRepository(Repository[RowT]):
    """`get` returns only a row that this unit of work has read before, such as to lock it."""

    def options_by_id(self, row_id: UUID) -> Mapping[str, Any]:
        """What the key reaches."""
        return {OPTION: found([row_id])}

"""Loads the reference data that the rows of a chunk are resolved with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import registry_wide
from core_service.aliases.models import Alias, AliasState, CourtAlias
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseCategory,
    CaseType,
    Court,
    Judge,
    Outcome,
)
from core_service.returns.vocabulary import CourtMeaning, ReferenceRows, Vocabulary

VOCABULARY: Final = "rows are read with all that was decided, each with its own court's"
RowT = TypeVar("RowT", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class VocabularyLoader:
    """Reads all reference data, which is small, in a handful of queries."""

    session: AsyncSession

    async def load(self) -> Vocabulary:
        """The vocabulary as the transaction sees it now."""
        decided = select(Alias).where(col(Alias.state) != AliasState.PENDING)
        decided = registry_wide(decided, VOCABULARY)
        return Vocabulary.of(
            ReferenceRows(
                courts=await self._all(Court),
                # A record that was merged into another is found by its alias alone.
                judges=(
                    await self.session.exec(
                        select(Judge).where(col(Judge.merged_into_id).is_(None))
                    )
                ).all(),
                categories=await self._all(CaseCategory),
                case_types=await self._all(CaseType),
                activity_types=await self._all(ActivityType),
                outcomes=await self._all(Outcome),
                reasons=await self._all(AdjournmentReason),
                aliases=(
                    await self.session.exec(decided.execution_options(populate_existing=True))
                ).all(),
                of_courts=await self._of_courts(),
            )
        )

    async def _of_courts(self) -> Sequence[CourtMeaning]:
        statement = select(
            Alias.kind, Alias.spelling, CourtAlias.court_id, CourtAlias.state, CourtAlias.target_id
        ).join(CourtAlias, col(CourtAlias.alias_id) == Alias.id)  # type: ignore[call-overload]  # typed for at most four columns
        rows = await self.session.exec(registry_wide(statement, VOCABULARY))
        return [CourtMeaning(*row) for row in rows]

    async def _all(self, model: type[RowT]) -> Sequence[RowT]:
        return (await self.session.exec(select(model))).all()

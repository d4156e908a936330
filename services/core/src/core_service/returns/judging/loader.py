"""Reads the vocabulary from the reference data, again only when a row of it has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, literal_column, union_all
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import registry_wide
from core_service.aliases.models import Alias, AliasState, CourtAlias
from core_service.judges.postings import PostingService
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseCategory,
    CaseType,
    Court,
    Judge,
    Outcome,
)
from core_service.reference.sittings import CalendarLoader
from core_service.returns.judging.vocabulary import (
    CourtDecision,
    ReferenceRows,
    Version,
    Vocabulary,
)
from core_service.tables import METADATA

VOCABULARY: Final = "rows are resolved by every decision, each row by its own court's"
SOURCES: Final = (
    *("courts", "judges", "case_categories", "case_types", "activity_types", "outcomes"),
    *("adjournment_reasons", "calendar_periods", "judge_postings", "court_aliases", "aliases"),
)


def _version_of(source: str) -> Select[*tuple[Any, ...]]:
    """A table's row count and hash, by the whole text of each row, so that no change is missed."""
    rows = METADATA.tables[source].alias("found")
    whole: ColumnElement[str] = cast(literal_column("found"), Text)
    counted = func.count(), func.sum(func.hashtextextended(whole, 0))
    statement: Select[*tuple[Any, ...]] = select_columns(literal(source), *counted)
    statement = statement.select_from(rows)
    # Spellings that no user has decided about resolve nothing.
    return statement.where(rows.c.state != AliasState.PENDING) if source == "aliases" else statement


VERSION: Final = registry_wide(union_all(*map(_version_of, SOURCES)), VOCABULARY)
RowT = TypeVar("RowT", bound=SQLModel)


@dataclass(slots=True)
class VocabularyCache:
    """The vocabulary that a process has read last."""

    vocabulary: Vocabulary | None = None


@dataclass(frozen=True, slots=True)
class VocabularyLoader:
    """Reads all reference data, which is small, in a handful of queries."""

    session: AsyncSession
    calendar: CalendarLoader
    postings: PostingService
    cache: VocabularyCache

    async def load(self) -> Vocabulary:
        """The vocabulary as the transaction sees it now."""
        # What is committed between the two makes a vocabulary newer than its version: it is read
        # again by the next who asks.
        version, known = await self._version(), self.cache.vocabulary
        if known is None or known.version != version:
            known = self.cache.vocabulary = Vocabulary.of(await self._read(), version)
        return known

    async def _version(self) -> Version:
        await self.session.flush()
        connection = await self.session.connection()
        return tuple(sorted(tuple(row) for row in await connection.execute(VERSION)))

    async def _read(self) -> ReferenceRows:
        merged = col(Judge.merged_into_id)
        decided = select(Alias).where(col(Alias.state) != AliasState.PENDING)
        rows = ReferenceRows(
            courts=await self._all(Court),
            # A record that was merged into another is found by its alias alone.
            judges=(await self.session.exec(select(Judge).where(merged.is_(None)))).all(),
            categories=await self._all(CaseCategory),
            case_types=await self._all(CaseType),
            activity_types=await self._all(ActivityType),
            outcomes=await self._all(Outcome),
            reasons=await self._all(AdjournmentReason),
            aliases=(
                await self.session.exec(
                    registry_wide(decided, VOCABULARY).execution_options(populate_existing=True)
                )
            ).all(),
            of_courts=await self._of_courts(),
            calendar=await self.calendar.load(),
            postings=await self.postings.known(),
        )
        self._detach(rows)
        return rows

    def _detach(self, rows: ReferenceRows) -> None:
        """They outlive the session, whose end would otherwise ask for them to be read again."""
        periods = (each for found in rows.calendar.periods.values() for each in found)
        postings = (each for found in rows.postings.by_judge.values() for each in found)
        for row in (
            *(*rows.courts, *rows.judges, *rows.categories, *rows.case_types),
            *(*rows.activity_types, *rows.outcomes, *rows.reasons, *rows.aliases),
            *(*periods, *postings),
        ):
            self.session.expunge(row)

    async def _of_courts(self) -> Sequence[CourtDecision]:
        statement = select(
            Alias.kind, Alias.spelling, CourtAlias.court_id, CourtAlias.state, CourtAlias.target_id
        ).join(CourtAlias, col(CourtAlias.alias_id) == Alias.id)  # type: ignore[call-overload]  # typed for at most four columns
        rows = await self.session.exec(registry_wide(statement, VOCABULARY))
        return [CourtDecision(*row) for row in rows]

    async def _all(self, model: type[RowT]) -> Sequence[RowT]:
        return (await self.session.exec(select(model))).all()

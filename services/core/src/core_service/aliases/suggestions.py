"""What an undecided spelling may mean: the entries whose names are most like it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core_service.access.reach import registry_wide
from core_service.aliases.models import Alias, AliasKind, AliasState
from core_service.reference.models import (
    ActivityType,
    AdjournmentReason,
    CaseType,
    Court,
    Judge,
    Outcome,
)

MOST: Final = 3
# The share of trigrams below which two names have nothing to do with each other.
LEAST_LIKE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a spelling may mean; `score` is from 0 to 1, the share of like trigrams."""

    target_id: UUID
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of one kind: normalised to compare, and as they are shown."""

    model: Any
    compared: Any
    shown: Any


NAMES: Final[Mapping[AliasKind, _Names]] = {
    AliasKind.COURT: _Names(Court, func.lower(Court.name), Court.name),
    AliasKind.JUDGE: _Names(Judge, Judge.name_norm, Judge.display_name),
    AliasKind.CASE_TYPE: _Names(CaseType, CaseType.name_norm, CaseType.name),
    AliasKind.ACTIVITY_TYPE: _Names(ActivityType, ActivityType.label_norm, ActivityType.label),
    AliasKind.OUTCOME: _Names(Outcome, Outcome.label_norm, Outcome.label),
    AliasKind.REASON: _Names(
        AdjournmentReason, AdjournmentReason.label_norm, AdjournmentReason.label
    ),
}


@dataclass(frozen=True, slots=True)
class AliasSuggestions:
    """Finds candidates by trigrams, which bear misspelling and another order of words."""

    session: AsyncSession

    async def of(self, alias_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Candidate]]:
        """Up to three candidates of each undecided spelling, the likeliest first."""
        found: dict[UUID, list[Candidate]] = defaultdict(list)
        if not alias_ids:
            return found
        kinds = select(Alias.kind).where(col(Alias.id).in_(alias_ids)).distinct()
        shared = "the caller was shown these spellings, and all may read what they may mean"
        for kind in (await self.session.exec(registry_wide(kinds, shared))).all():
            statement = registry_wide(_likest(AliasKind(kind), alias_ids), shared)
            for alias_id, target_id, name, score in await self.session.exec(statement):
                found[alias_id].append(Candidate(target_id, name, round(score, 2)))
        return found


def _likest(kind: AliasKind, alias_ids: Collection[UUID]) -> Any:
    names = NAMES[kind]
    score = func.similarity(names.compared, Alias.spelling).label("score")
    like = (
        select(names.model.id.label("target_id"), names.shown.label("name"), score)
        .where(names.model.is_active.is_(True), score >= LEAST_LIKE)
        .order_by(score.desc(), names.shown)
        .limit(MOST)
        .correlate(Alias)
        .lateral("candidate")
    )
    return (
        select(Alias.id, like.c.target_id, like.c.name, like.c.score)
        .join(like, true())
        .where(
            col(Alias.id).in_(alias_ids),
            col(Alias.kind) == kind,
            col(Alias.state) == AliasState.PENDING,
        )
        .order_by(col(Alias.id), like.c.score.desc(), like.c.name)
    )

"""Where judges are posted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.repository import Repository
from common.writes import ExpectedVersion, check_version
from core_service.access.actors import creation_columns, mark_updated
from core_service.access.callers import Administrator
from core_service.judges.errors import JudgeNotFound, PostingNotFound
from core_service.judges.models import JudgePosting
from core_service.reference.errors import PeriodInvalid
from core_service.reference.models import Judge
from core_service.reference.service import ReferenceService


@dataclass(frozen=True, slots=True)
class KnownPostings:
    """The postings of each judge."""

    by_judge: Mapping[UUID, Sequence[JudgePosting]] = field(default_factory=dict)

    def allow(self, judge_id: UUID, court_id: UUID | None, day: date) -> bool:
        """Whether a judge sits at a court on a day; of one without any posting nothing is known."""
        postings = self.by_judge.get(judge_id, ())
        return not postings or any(posting.covers(court_id, day) for posting in postings)


@dataclass(frozen=True, slots=True)
class PostingRepository(Repository[JudgePosting]):
    """Postings of judges."""

    model: ClassVar[type[SQLModel]] = JudgePosting
    session: AsyncSession


@dataclass(frozen=True, slots=True)
class PostingService:
    """Posts judges to courts; a constraint keeps principal postings from overlapping."""

    postings: PostingRepository
    reference: ReferenceService
    clock: Clock

    async def of_judge(self, judge_id: UUID) -> Sequence[JudgePosting]:
        """A judge's postings, the latest first. Raises JudgeNotFound."""
        await self._require_judge(judge_id)
        statement = select(JudgePosting).where(col(JudgePosting.judge_id) == judge_id)
        return await self.postings.all(statement.order_by(col(JudgePosting.from_on).desc()))

    async def known(self) -> KnownPostings:
        """Every posting."""
        found: dict[UUID, list[JudgePosting]] = defaultdict(list)
        for posting in await self.postings.all(select(JudgePosting)):
            found[posting.judge_id].append(posting)
        return KnownPostings(found)

    async def post(
        self, judge_id: UUID, values: Mapping[str, Any], by: Administrator
    ) -> JudgePosting:
        """Add a posting. Raises PermissionDenied, JudgeNotFound; overlaps break a constraint."""
        by.require_court(values["court_id"])
        await self._require_judge(judge_id)
        created = creation_columns(by.actor, self.clock.now())
        posting = JudgePosting(**created, judge_id=judge_id, **values)
        await self.postings.add(posting)
        return posting

    async def end(
        self,
        judge_id: UUID,
        posting_id: UUID,
        to_on: date | None,
        expected: ExpectedVersion,
        by: Administrator,
    ) -> JudgePosting:
        """Set the end of a posting under its lock.

        Raises PostingNotFound, PermissionDenied, PreconditionFailed, PeriodInvalid.
        """
        posting = await self.postings.get(posting_id, lock=True)
        if posting is None or posting.judge_id != judge_id:
            raise PostingNotFound
        by.require_court(posting.court_id)
        check_version(expected, posting.version)
        if to_on is not None and to_on <= posting.from_on:
            raise PeriodInvalid
        posting.to_on = to_on
        mark_updated(posting, by.actor, self.clock.now())
        await self.postings.session.flush()
        return posting

    async def _require_judge(self, judge_id: UUID) -> None:
        if await self.reference.find(Judge, judge_id) is None:
            raise JudgeNotFound

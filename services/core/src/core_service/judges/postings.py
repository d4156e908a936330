"""Where judges are posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.clock import Clock
from common.repository import Repository
from common.versions import check_version
from core_service.access.actors import Actor
from core_service.judges.errors import JudgeNotFound, PostingNotFound
from core_service.judges.models import JudgePosting
from core_service.reference.errors import PeriodInvalid
from core_service.reference.models import Judge
from core_service.stamps import first_stamp, touch


@dataclass(frozen=True, slots=True)
class PostingRepository(Repository[JudgePosting]):
    """Postings of judges."""

    model: ClassVar[type[SQLModel]] = JudgePosting
    session: AsyncSession


@dataclass(frozen=True, slots=True)
class PostingService:
    """Posts judges to courts; the database keeps principal postings apart."""

    postings: PostingRepository
    clock: Clock

    async def of_judge(self, judge_id: UUID) -> Sequence[JudgePosting]:
        """A judge's postings, the latest first. Raises JudgeNotFound."""
        await self._require_judge(judge_id)
        statement = select(JudgePosting).where(col(JudgePosting.judge_id) == judge_id)
        return await self.postings.all(statement.order_by(col(JudgePosting.from_on).desc()))

    async def post(self, judge_id: UUID, values: Mapping[str, Any], by: Actor) -> JudgePosting:
        """Add a posting. Raises JudgeNotFound; overlapping ones break a constraint."""
        await self._require_judge(judge_id)
        now = self.clock.now()
        posting = JudgePosting(
            **first_stamp(by, now),
            judge_id=judge_id,
            **values,
        )
        await self.postings.add(posting)
        return posting

    async def lock(self, judge_id: UUID, posting_id: UUID) -> JudgePosting:
        """A judge's posting, held until the transaction ends. Raises PostingNotFound."""
        posting = await self.postings.get(posting_id, lock=True)
        if posting is None or posting.judge_id != judge_id:
            raise PostingNotFound
        return posting

    async def end(
        self, posting: JudgePosting, to_on: date | None, expected: int, by: Actor
    ) -> JudgePosting:
        """Give a locked posting its end. Raises PreconditionFailed, PeriodInvalid."""
        check_version(expected, posting.version)
        if to_on is not None and to_on <= posting.from_on:
            raise PeriodInvalid
        posting.to_on = to_on
        touch(posting, by, self.clock.now())
        await self.postings.session.flush()
        return posting

    async def _require_judge(self, judge_id: UUID) -> None:
        if await self.postings.session.get(Judge, judge_id) is None:
            raise JudgeNotFound

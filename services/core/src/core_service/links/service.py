"""The rules of links."""

from dataclasses import dataclass
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import Actor
from core_service.authorship import creation_columns, mark_updated
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import Case, ChangeKind
from core_service.cases.service import CaseService
from core_service.cases.visibility import Visibility
from core_service.links.errors import LinkExists, LinkNotFound, LinkToItself
from core_service.links.models import CaseLink, LinkKind
from core_service.links.repository import LinkRepository


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to make: what the first case is to the other."""

    case_id: UUID
    other_id: UUID
    kind: LinkKind
    reason: str | None

    def ends(self) -> tuple[UUID, UUID]:
        """Both cases; a relation that is mutual is the same whoever names it first."""
        if self.kind == LinkKind.RELATED:
            return min(self.case_id, self.other_id), max(self.case_id, self.other_id)
        return self.case_id, self.other_id


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """One link as seen from a case: `outward` when that case is the first."""

    link: CaseLink
    case: Case
    outward: bool


@dataclass(frozen=True, slots=True)
class LinkService:
    """Links and unlinks cases."""

    links: LinkRepository
    cases: CaseService
    history: CaseHistory
    clock: Clock

    async def link(self, case: Case, new: NewLink, by: Actor) -> CaseLink:
        """Link a locked case to another. Raises LinkToItself, LinkExists."""
        if new.case_id == new.other_id:
            raise LinkToItself
        if await self.links.first(self.links.live(*new.ends(), new.kind)):
            raise LinkExists
        before = case.model_dump()
        link = await self._insert(new, by)
        facts = {"kind": new.kind, "other_id": new.other_id}
        change = Change(ChangeKind.LINKED, new.reason, facts=facts)
        await self.history.note(case, before, change, by)
        return link

    async def ensure(self, new: NewLink, by: Actor) -> None:
        """Link two cases unless they are; the change that asks for it is noted by itself."""
        if await self.links.first(self.links.live(*new.ends(), new.kind)) is None:
            await self._insert(new, by)

    async def unlink(self, case: Case, gone: NewLink, by: Actor) -> None:
        """Remove a link of a locked case. Raises LinkNotFound."""
        link = await self.links.first(self.links.live(*gone.ends(), gone.kind).with_for_update())
        if link is None:
            raise LinkNotFound
        before, now = case.model_dump(), self.clock.now()
        link.removed_at = now
        mark_updated(link, by, now)
        facts = {"kind": gone.kind, "other_id": gone.other_id}
        change = Change(ChangeKind.UNLINKED, gone.reason, facts=facts)
        await self.history.note(case, before, change, by)

    async def of_case(self, case_id: UUID, visibility: Visibility) -> list[LinkedCase]:
        """The links of a case whose other end the caller may know of."""
        links = await self.links.live_of_case(case_id)
        ends = {link.id: _other_end(link, case_id) for link in links}
        seen = {case.id: case for case in await self.cases.some(ends.values(), visibility)}
        return [
            LinkedCase(link, seen[ends[link.id]], outward=link.case_id == case_id)
            for link in links
            if ends[link.id] in seen
        ]

    async def _insert(self, new: NewLink, by: Actor) -> CaseLink:
        case_id, other_id = new.ends()
        now = self.clock.now()
        link = CaseLink(
            **creation_columns(by, now),
            case_id=case_id,
            other_id=other_id,
            kind=new.kind,
            reason=new.reason,
        )
        await self.links.add(link)
        return link


def _other_end(link: CaseLink, case_id: UUID) -> UUID:
    return link.other_id if link.case_id == case_id else link.case_id

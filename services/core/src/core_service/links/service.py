"""Links and unlinks cases; both ends must be visible to the caller."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.clock import Clock
from core_service.access.actors import Actor, creation_columns, mark_updated
from core_service.cases.history import CaseHistory, Change
from core_service.cases.models import Case, ChangeKind
from core_service.cases.service import CaseService
from core_service.cases.visibility import CaseReader, CaseWriter
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
        """Both cases; a mutual relation is stored once, in the order of their IDs."""
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

    async def link(self, new: NewLink, by: CaseWriter) -> list[LinkedCase]:
        """Link a case of the caller's courts to one that the caller may read; gives all its links.

        Raises CaseNotFound, PermissionDenied, LinkToItself, LinkExists.
        """
        case = await self._lock(new, by)
        if new.case_id == new.other_id:
            raise LinkToItself
        if await self.links.first(self.links.live(*new.ends(), new.kind)):
            raise LinkExists
        before = case.model_dump()
        await self._insert(new, by.actor)
        await self._note(case, before, ChangeKind.LINKED, new, by)
        return await self._links(case.id, by)

    async def ensure(self, new: NewLink, by: Actor) -> None:
        """Link two cases unless they are; the change that asks for it is noted by itself."""
        if await self.links.first(self.links.live(*new.ends(), new.kind)) is None:
            await self._insert(new, by)

    async def unlink(self, removed: NewLink, by: CaseWriter) -> list[LinkedCase]:
        """Remove a link; gives those that are left.

        Raises CaseNotFound, PermissionDenied, LinkNotFound.
        """
        case = await self._lock(removed, by)
        live = self.links.live(*removed.ends(), removed.kind)
        link = await self.links.first(live.with_for_update())
        if link is None:
            raise LinkNotFound
        before, now = case.model_dump(), self.clock.now()
        link.removed_at = now
        mark_updated(link, by.actor, now)
        await self._note(case, before, ChangeKind.UNLINKED, removed, by)
        return await self._links(case.id, by)

    async def of_case(self, case_id: UUID, by: CaseReader) -> list[LinkedCase]:
        """The links of a case whose other end the caller may see. Raises CaseNotFound."""
        await self.cases.get(case_id, by.visibility)
        return await self._links(case_id, by)

    async def _links(self, case_id: UUID, by: CaseReader) -> list[LinkedCase]:
        links = await self.links.live_of_case(case_id)
        ends = {link.id: _other_end(link, case_id) for link in links}
        seen = {case.id: case for case in await self.cases.some(ends.values(), by.visibility)}
        return [
            LinkedCase(link, seen[ends[link.id]], outward=link.case_id == case_id)
            for link in links
            if ends[link.id] in seen
        ]

    async def _lock(self, link: NewLink, by: CaseWriter) -> Case:
        case = await self.cases.lock_for(link.case_id, by)
        await self.cases.get(link.other_id, by.visibility)
        return case

    async def _note(
        self, case: Case, before: dict[str, Any], kind: ChangeKind, link: NewLink, by: CaseWriter
    ) -> None:
        facts = {"kind": link.kind, "other_id": link.other_id}
        change = Change(kind, link.reason, facts=facts)
        await self.history.note(case, before, change, by.actor)

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

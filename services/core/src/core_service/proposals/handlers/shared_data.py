"""Handlers of proposals about shared data: judges, spellings, reference data."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core_service.access.actors import Actor
from core_service.aliases.service import AliasService, Decision
from core_service.judges.merging import JudgeMerging
from core_service.judges.schemas import JudgeMergeCreate
from core_service.proposals.models import RequestKind
from core_service.proposals.proposal import Handler, Proposal, Result, required
from core_service.reference.resources import Resource, resource_of
from core_service.reference.service import ReferenceService


@dataclass(frozen=True, slots=True)
class SharedDataHandlers:
    """Merges of judges, decisions about spellings, new and changed reference data."""

    merging: JudgeMerging
    aliases: AliasService
    reference: ReferenceService

    def by_kind(self) -> Mapping[RequestKind, Handler]:
        """The handler of each kind.

        What concerns all cases of a judge or all rows of a spelling is checked: trying takes long.
        """
        return {
            RequestKind.MERGE: Handler(self._merge, self._check_merge),
            RequestKind.UNMERGE: Handler(self._unmerge, self._check_unmerge),
            RequestKind.ALIAS_ACCEPT: Handler(self._decide_alias, self._check_alias),
            RequestKind.ALIAS_REJECT: Handler(self._decide_alias, self._check_alias),
            RequestKind.REFERENCE_ADD: Handler(self._add),
            RequestKind.REFERENCE_CHANGE: Handler(self._change),
        }

    async def _check_merge(self, proposal: Proposal) -> None:
        await self.merging.require_mergeable(required(proposal.entity_id), _into_id(proposal))

    async def _check_unmerge(self, proposal: Proposal) -> None:
        await self.merging.require_merged(required(proposal.entity_id))

    async def _merge(self, proposal: Proposal, by: Actor) -> Result:
        judge_id, into_id = required(proposal.entity_id), _into_id(proposal)
        return Result(value=await self.merging.merge(judge_id, into_id, proposal.reason, by))

    async def _unmerge(self, proposal: Proposal, by: Actor) -> Result:
        return Result(value=await self.merging.undo(required(proposal.entity_id), by))

    async def _check_alias(self, proposal: Proposal) -> None:
        await self.aliases.require_open(_decision(proposal))

    async def _decide_alias(self, proposal: Proposal, by: Actor) -> Result:
        return Result(value=await self.aliases.decide(_decision(proposal), by))

    async def _add(self, proposal: Proposal, by: Actor) -> Result:
        resource = _resource(proposal)
        values = resource.create.model_validate(proposal.terms).model_dump()
        return Result(value=await self.reference.create(resource, values, by))

    async def _change(self, proposal: Proposal, by: Actor) -> Result:
        resource = _resource(proposal)
        changes = resource.update.model_validate(proposal.terms).model_dump(exclude_unset=True)
        row_id, expected = required(proposal.entity_id), proposal.entity_version
        return Result(value=await self.reference.change(resource, row_id, changes, expected, by))


def _decision(proposal: Proposal) -> Decision:
    """The decision about a spelling; for one court only where that court decides."""
    target_id = proposal.terms.get("target_id")
    meaning = UUID(target_id) if target_id is not None else None
    return Decision(required(proposal.entity_id), meaning, proposal.deciding_court_id)


def _into_id(proposal: Proposal) -> UUID:
    return JudgeMergeCreate.model_validate(proposal.terms).into_id


def _resource(proposal: Proposal) -> Resource:
    return resource_of(required(proposal.entity))

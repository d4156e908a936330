"""Changes of what all courts share, which clerks ask for: judges, spellings, reference data."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core_service.access.actors import Actor
from core_service.aliases.service import AliasService, Decision
from core_service.change_requests.deeds import Deed, Done, Rule, Wish, required
from core_service.change_requests.models import RequestKind
from core_service.judges.merging import JudgeMerging
from core_service.judges.schemas import JudgeMergeCreate
from core_service.reference.resources import Resource, resource_of
from core_service.reference.service import ReferenceService


@dataclass(frozen=True, slots=True)
class RegistryDeeds:
    """Merges of judges, decisions about spellings, and additions to and changes of vocabulary."""

    merging: JudgeMerging
    aliases: AliasService
    reference: ReferenceService

    def by_kind(self) -> Mapping[RequestKind, Deed]:
        """What does which kind."""
        return {
            RequestKind.MERGE: self._merge,
            RequestKind.UNMERGE: self._unmerge,
            RequestKind.ALIAS_ACCEPT: self._decide_alias,
            RequestKind.ALIAS_REJECT: self._decide_alias,
            RequestKind.REFERENCE_ADD: self._add,
            RequestKind.REFERENCE_CHANGE: self._change,
        }

    def rules_by_kind(self) -> Mapping[RequestKind, Rule]:
        """The rules of proposals that concern all cases of a judge or all rows of a spelling."""
        return {
            RequestKind.MERGE: self._may_merge,
            RequestKind.UNMERGE: self._may_unmerge,
            RequestKind.ALIAS_ACCEPT: self._may_decide_alias,
            RequestKind.ALIAS_REJECT: self._may_decide_alias,
        }

    async def _may_merge(self, wish: Wish) -> None:
        await self.merging.require_mergeable(required(wish.entity_id), _into_id(wish))

    async def _may_unmerge(self, wish: Wish) -> None:
        await self.merging.require_merged(required(wish.entity_id))

    async def _merge(self, wish: Wish, by: Actor) -> Done:
        judge_id, into_id = required(wish.entity_id), _into_id(wish)
        return Done(made=await self.merging.merge(judge_id, into_id, wish.reason, by))

    async def _unmerge(self, wish: Wish, by: Actor) -> Done:
        return Done(made=await self.merging.undo(required(wish.entity_id), by))

    async def _may_decide_alias(self, wish: Wish) -> None:
        await self.aliases.require_open(_decision(wish))

    async def _decide_alias(self, wish: Wish, by: Actor) -> Done:
        return Done(made=await self.aliases.decide(_decision(wish), by))

    async def _add(self, wish: Wish, by: Actor) -> Done:
        resource = _resource(wish)
        values = resource.create.model_validate(wish.terms).model_dump()
        return Done(made=await self.reference.create(resource, values, by))

    async def _change(self, wish: Wish, by: Actor) -> Done:
        resource = _resource(wish)
        changes = resource.update.model_validate(wish.terms).model_dump(exclude_unset=True)
        row_id, expected = required(wish.entity_id), required(wish.entity_version)
        return Done(made=await self.reference.change(resource, row_id, changes, expected, by))


def _decision(wish: Wish) -> Decision:
    """What is decided about a spelling; for one court alone where that court decides."""
    target_id = wish.terms.get("target_id")
    meaning = UUID(target_id) if target_id is not None else None
    return Decision(required(wish.entity_id), meaning, wish.deciding_court_id)


def _into_id(wish: Wish) -> UUID:
    return JudgeMergeCreate.model_validate(wish.terms).into_id


def _resource(wish: Wish) -> Resource:
    return resource_of(required(wish.entity))

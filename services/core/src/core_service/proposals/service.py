"""Makes changes, stores those that need approval as requests, and decides on requests."""

from dataclasses import asdict, dataclass
from typing import Annotated, Final
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import col

from common.clock import Clock
from common.errors import PermissionDenied, PreconditionFailed, Unavailable
from common.keyset import Order, Pager, Slice, SortKey, read_id
from common.pages import PageRequest
from core_service.access.actors import Actor, creation_columns, mark_updated
from core_service.access.callers import Administrator, Proposer
from core_service.access.courts import require_court
from core_service.proposals.errors import RequestDecided, RequestNotFound, RequestOutdated
from core_service.proposals.handlers.cases import CaseHandlers
from core_service.proposals.handlers.shared_data import SharedDataHandlers
from core_service.proposals.models import (
    ChangeRequest,
    Handler,
    LaterHandlers,
    Proposal,
    RequestKind,
    RequestState,
    Result,
)
from core_service.proposals.repository import ChangeRequestRepository
from core_service.users.grants import GrantDirectory, GrantsUnavailable

BY_AGE: Final[Order[ChangeRequest]] = Order(
    "age", (SortKey(col(ChangeRequest.id), lambda request: request.id, read_id),), large=True
)
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What the list is narrowed to; None leaves a filter out."""

    state: RequestState | None = None
    kind: RequestKind | None = None
    case: UUID | None = None
    entity: TableName | None = None


@dataclass(frozen=True, slots=True)
class ProposalService:
    """Proposals, and the requests that store them until an administrator decides."""

    requests: ChangeRequestRepository
    case_handlers: CaseHandlers
    shared_data_handlers: SharedDataHandlers
    later_handlers: LaterHandlers
    pager: Pager
    clock: Clock
    grants: GrantDirectory

    async def submit(self, proposal: Proposal, by: Proposer) -> Result | ChangeRequest:
        """Make the change when the caller decides at the deciding court, else store a request.

        Raises PermissionDenied, RequestPending, and what the change's own rules raise.
        """
        if proposal.court_id is not None:
            require_court(by.writable, proposal.court_id)
        if by.decides_at(proposal.deciding_court_id):
            return await self.apply(proposal, by.actor)
        # Stored before it is tried: a trial costs more than finding that one is pending already.
        created = creation_columns(by.actor, self.clock.now())
        request = ChangeRequest(**created, **asdict(proposal))
        await self.requests.add(request)
        await self._try(proposal, by.actor)
        return request

    async def apply(self, proposal: Proposal, by: Actor) -> Result:
        """Make the change. Raises what its rules raise."""
        return await self._handler(proposal.kind).apply(proposal, by)

    async def get(self, request_id: UUID, by: Proposer) -> ChangeRequest:
        """A request. Raises RequestNotFound."""
        found = await self.requests.first(self.requests.by_id(request_id, by))
        if found is None:
            raise RequestNotFound
        return found

    async def page(
        self, wanted: RequestFilter, by: Proposer, page: PageRequest
    ) -> Slice[ChangeRequest]:
        """One page of requests, the oldest first. Raises CursorInvalid."""
        conditions = {
            "state": wanted.state,
            "kind": wanted.kind,
            "case_id": wanted.case,
            "entity": wanted.entity,
        }
        given = {name: value for name, value in conditions.items() if value is not None}
        statement = self.requests.readable(by).filter_by(**given)
        purpose = f"requests\x00{wanted}"
        return await self.pager.cut(self.requests, statement, BY_AGE, page, purpose=purpose)

    async def accept(self, request_id: UUID, note: str | None, by: Administrator) -> Result:
        """Make the change of a request, under the name of the administrator.

        Raises RequestNotFound, PermissionDenied, RequestDecided, RequestOutdated, Unavailable, and
        what the change raises.
        """
        await self._require_proposer(await self.get(request_id, by), by)
        request = await self._decide(request_id, RequestState.ACCEPTED, note, by)
        try:
            return await self.apply(Proposal.of(request), by.actor)
        except PreconditionFailed as changed:
            raise RequestOutdated from changed

    async def reject(self, request_id: UUID, note: str | None, by: Administrator) -> ChangeRequest:
        """Reject a request. Raises RequestNotFound, PermissionDenied, RequestDecided."""
        return await self._decide(request_id, RequestState.REJECTED, note, by)

    async def _require_proposer(self, request: ChangeRequest, by: Administrator) -> None:
        """Raise RequestOutdated when the proposer may no longer change cases of that court.

        Checked only for a case of a court at which the administrator may not enter data.
        """
        court_id = request.court_id
        if court_id is None or court_id in by.writable:
            return
        if request.state != RequestState.PENDING or not by.decides_at(request.deciding_court_id):
            return  # refused by `_decide`
        try:
            writable = await self.grants.writable(Actor(request.created_by))
        except GrantsUnavailable as error:
            raise Unavailable from error
        if court_id not in writable:
            raise RequestOutdated("The user who proposed may no longer change cases of that court")

    async def _decide(
        self, request_id: UUID, state: RequestState, note: str | None, by: Administrator
    ) -> ChangeRequest:
        statement = self.requests.by_id(request_id, by).with_for_update()
        request = await self.requests.first(statement.execution_options(populate_existing=True))
        if request is None:
            raise RequestNotFound
        if not by.decides_at(request.deciding_court_id):
            raise PermissionDenied("Your grants do not cover the court that decides")
        if request.state != RequestState.PENDING:
            raise RequestDecided(f"The request was {request.state.value} already")
        now = self.clock.now()
        request.state, request.decision_note = state, note
        request.decided_at, request.decided_by = now, by.user_id
        mark_updated(request, by.actor, now)
        await self.requests.session.flush()
        return request

    async def _try(self, proposal: Proposal, by: Actor) -> None:
        """Try the change and roll it back, so that no request is stored that cannot be accepted."""
        handler = self._handler(proposal.kind)
        if handler.check is not None:
            await handler.check(proposal)
            return
        trial = await self.requests.session.begin_nested()
        try:
            await handler.apply(proposal, by)
        finally:
            await trial.rollback()

    def _handler(self, kind: RequestKind) -> Handler:
        features = (self.case_handlers, self.shared_data_handlers, self.later_handlers)
        return {each: one for feature in features for each, one in feature.by_kind().items()}[kind]

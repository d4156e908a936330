"""Does a change for those who may, keeps it as a request for those who may ask, and decides."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import col

from common.clock import Clock
from common.errors import PermissionDenied, PreconditionFailed, Unavailable
from common.identity import Principal, Role
from common.keyset import Order, Pager, Slice, SortKey, read_id
from common.pages import PageRequest
from core_service.access.actors import Actor
from core_service.access.courts import WRITERS, asking, decides_for_all, deciding, require_court
from core_service.change_requests.deeds import Deeds, Done, Wish
from core_service.change_requests.errors import RequestDecided, RequestNotFound, RequestOutdated
from core_service.change_requests.models import ChangeRequest, RequestKind, RequestState
from core_service.change_requests.repository import ChangeRequestRepository, Readable
from core_service.stamps import first_stamp, touch
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
class ChangeRequestService:
    """Requests, and the changes behind them."""

    requests: ChangeRequestRepository
    deeds: Deeds
    pager: Pager
    clock: Clock
    grants: GrantDirectory

    async def submit(self, wish: Wish, principal: Principal) -> Done | ChangeRequest:
        """Make the change when the caller decides at the deciding court, else ask for it.

        Raises PermissionDenied, RequestPending, and what the change's own rules raise.
        """
        courts, by = asking(principal), Actor.of(principal)
        if wish.court_id is not None:
            require_court(courts, wish.court_id)
        if _decides(wish, principal):
            return await self.deeds.do(wish, by)
        # Asked first: what is pending already is refused before it costs the work of trying.
        request = await self._ask(wish, by)
        await self._try(wish, by)
        return request

    async def get(self, request_id: UUID, principal: Principal) -> ChangeRequest:
        """A request. Raises RequestNotFound."""
        found = await self.requests.first(self.requests.by_id(request_id, _readable(principal)))
        if found is None:
            raise RequestNotFound
        return found

    async def page(
        self, wanted: RequestFilter, principal: Principal, page: PageRequest
    ) -> Slice[ChangeRequest]:
        """One page of requests, the oldest first. Raises CursorInvalid."""
        statement = self.requests.readable(_readable(principal))
        conditions = {
            "state": wanted.state,
            "kind": wanted.kind,
            "case_id": wanted.case,
            "entity": wanted.entity,
        }
        given = {name: value for name, value in conditions.items() if value is not None}
        purpose = f"requests\x00{wanted}"
        return await self.pager.cut(
            self.requests, statement.filter_by(**given), BY_AGE, page, purpose=purpose
        )

    async def accept(self, request_id: UUID, note: str | None, principal: Principal) -> Done:
        """Make the change that was asked for, under the name of whoever accepts it.

        Raises RequestNotFound, PermissionDenied, RequestDecided, RequestOutdated, Unavailable, and
        what the change raises.
        """
        deciding(principal)
        await self._require_asker(await self.get(request_id, principal), principal)
        request = await self._decide(request_id, RequestState.ACCEPTED, note, principal)
        try:
            return await self.deeds.do(Wish.of(request), Actor.of(principal))
        except PreconditionFailed as changed:
            raise RequestOutdated from changed

    async def reject(
        self, request_id: UUID, note: str | None, principal: Principal
    ) -> ChangeRequest:
        """Turn a request down. Raises RequestNotFound, PermissionDenied, RequestDecided."""
        return await self._decide(request_id, RequestState.REJECTED, note, principal)

    async def _require_asker(self, request: ChangeRequest, principal: Principal) -> None:
        """Of another court's case, such as one that is sent here, only what that court still asks
        for is changed: whoever asked must hold a grant there now.
        """
        court_id = request.court_id
        if court_id is None or court_id in principal.scope_for(*WRITERS):
            return
        if request.state != RequestState.PENDING or not _decides(request, principal):
            return  # which is refused for that
        try:
            asking_for = await self.grants.writable(Actor(request.created_by))
        except GrantsUnavailable as error:
            raise Unavailable from error
        if court_id not in asking_for:
            raise RequestOutdated("The user who asked may no longer change cases of that court")

    async def _decide(
        self, request_id: UUID, state: RequestState, note: str | None, principal: Principal
    ) -> ChangeRequest:
        deciding(principal)
        statement = self.requests.by_id(request_id, _readable(principal)).with_for_update()
        request = await self.requests.first(statement.execution_options(populate_existing=True))
        if request is None:
            raise RequestNotFound
        if not _decides(request, principal):
            raise PermissionDenied("Your grants do not cover the court that decides")
        if request.state != RequestState.PENDING:
            raise RequestDecided(f"The request was {request.state.value} already")
        now = self.clock.now()
        request.state, request.decision_note = state, note
        request.decided_at, request.decided_by = now, principal.user_id
        touch(request, Actor.of(principal), now)
        await self.requests.session.flush()
        return request

    async def _try(self, wish: Wish, by: Actor) -> None:
        """Try the change and undo that, so that nobody is asked for what cannot be done."""
        rule = self.deeds.rule(wish.kind)
        if rule is not None:
            await rule(wish)
            return
        attempt = await self.requests.session.begin_nested()
        try:
            await self.deeds.do(wish, by)
        finally:
            await attempt.rollback()

    async def _ask(self, wish: Wish, by: Actor) -> ChangeRequest:
        """Keep the wish; one that is pending already breaks a constraint: RequestPending."""
        now = self.clock.now()
        request = ChangeRequest(
            **first_stamp(by, now),
            **wish.columns(),
        )
        await self.requests.add(request)
        return request


def _readable(principal: Principal) -> Readable:
    return Readable(
        of=asking(principal),
        deciding=principal.scope_for(Role.ADMIN),
        shared=decides_for_all(principal),
        asker_id=principal.user_id,
    )


def _decides(about: Wish | ChangeRequest, principal: Principal) -> bool:
    """Whether the caller may make the change: of what all courts share only who is administrator of
    all of them.
    """
    if about.deciding_court_id is None:
        return decides_for_all(principal)
    return about.deciding_court_id in principal.scope_for(Role.ADMIN)

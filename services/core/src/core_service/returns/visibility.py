"""Which imports a caller sees, and of which of their rows the court allows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, bindparam, or_, true
from sqlmodel import col

from common.identity import CourtScope, Principal, Role
from core_service.access.actors import Actor
from core_service.access.courts import NOWHERE, READ_SCOPE, writing
from core_service.cases.visibility import Visibility, reading
from core_service.returns.models import ImportBatch


@dataclass(frozen=True, slots=True)
class BatchView:
    """What a caller may know of imports; `shown_rows.shown` makes it a condition on rows."""

    caller: Actor
    writable: CourtScope
    cases: Visibility
    administers_all: bool

    @classmethod
    def of(cls, by: Principal) -> "BatchView":
        """The view of a caller. Raises Unauthenticated or PermissionDenied."""
        writable = writing(by)
        reads = by.kind == "user" or READ_SCOPE in by.scopes
        cases = reading(by) if reads else Visibility(NOWHERE, NOWHERE)
        return cls(Actor.of(by), writable, cases, by.scope_for(Role.ADMIN).courts is None)

    def batches(self) -> ColumnElement[bool]:
        """One's own, and those with a row of a court at which one may write.

        Services see what services sent: people's files name sealed cases.
        """
        if self.caller.user_id is None:
            return col(ImportBatch.created_by).is_(None)
        if self.writable.courts is None:
            return true()
        granted = bindparam(None, list(self.writable.courts), type_=ARRAY(Uuid))
        of_courts = col(ImportBatch.court_ids).op("&&")(granted)
        return or_(col(ImportBatch.created_by) == self.caller.user_id, of_courts)

    def has_sent(self, batch: ImportBatch) -> bool:
        """Whether the caller is the sender."""
        if self.caller.user_id is not None:
            return batch.created_by == self.caller.user_id
        return batch.created_by is None and batch.client_id == self.caller.client_id

    def own(self, batches: Iterable[ImportBatch]) -> list[UUID]:
        """Those of the batches that the caller has sent."""
        return [batch.id for batch in batches if self.has_sent(batch)]

    def sees_all(self, batch: ImportBatch) -> bool:
        """Whether no row of the batch is hidden from the caller, as far as its courts tell."""
        courts, sealed = self.cases.courts, self.cases.sealed
        reads_all = all(each in courts and each in sealed for each in batch.court_ids)
        return reads_all and (self.administers_all or self.has_sent(batch))

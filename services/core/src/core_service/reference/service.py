"""Lists, reads, adds and changes reference data of every kind, by one set of rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, literal, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from common.clock import Clock
from common.keyset import Order, Pager, Slice, SortKey, read_id
from common.pages import PageRequest
from common.repository import Repository
from common.writes import ExpectedVersion, check_version
from core_service.access.actors import Actor, creation_columns, mark_updated
from core_service.reference.errors import PeriodInvalid, ReferenceNotFound, UnknownReference
from core_service.reference.models import CalendarPeriod, CaseCategory, Judge
from core_service.reference.resources import Resource
from core_service.reference.spelling import normal_spelling
from core_service.tables import Record

LIMIT_FIELD: Final = "limited_to"
RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True, slots=True)
class ReferenceQuery:
    """What a list is narrowed to: a part of the name or code, and whether rows are active."""

    q: str | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class ReferenceService:
    """Reference data of any kind; the `Resource` says what is particular to one."""

    session: AsyncSession
    pager: Pager
    clock: Clock

    async def page(
        self, resource: Resource, wanted: ReferenceQuery, page: PageRequest
    ) -> Slice[Record]:
        """One page in the order of names. Raises CursorInvalid."""
        statement = _narrowed(resource, wanted)
        # Not Repository[Record](…): a slotted generic cannot note its parameter before Python 3.12.
        rows: Repository[Record] = Repository(self.session)
        return await self.pager.cut(
            rows,
            statement,
            _by_name(resource),
            page,
            purpose=f"{resource.path}\x00{wanted}",
        )

    async def get(self, resource: Resource, row_id: UUID) -> Record:
        """One row. Raises ReferenceNotFound."""
        row = await self.session.get(resource.model, row_id)
        if row is None:
            raise ReferenceNotFound(f"There is no such {resource.noun}")
        return row

    async def find(
        self, model: type[RecordT], row_id: UUID, *, lock: bool = False
    ) -> RecordT | None:
        """A row of any table of reference data; with `lock`, locked and read afresh."""
        return await self.session.get(
            model, row_id, with_for_update=lock or None, populate_existing=lock
        )

    async def create(self, resource: Resource, values: Mapping[str, Any], by: Actor) -> Record:
        """Add a row. Raises UnknownReference, PeriodInvalid; a taken name breaks a constraint."""
        now = self.clock.now()
        row = resource.model(
            **creation_columns(by, now),
            **values,
            **resource.derive(values),
        )
        await self._check(row)
        self.session.add(row)
        await self.session.flush()
        return row

    async def change(
        self,
        resource: Resource,
        row_id: UUID,
        changes: Mapping[str, Any],
        expected: ExpectedVersion,
        by: Actor,
    ) -> Record:
        """Change a row under its lock. Raises ReferenceNotFound, PreconditionFailed and others."""
        row = await self.find(resource.model, row_id, lock=True)
        if row is None:
            raise ReferenceNotFound(f"There is no such {resource.noun}")
        check_version(expected, row.version)
        row.sqlmodel_update(dict(changes))
        row.sqlmodel_update(dict(resource.derive(row.model_dump())))
        mark_updated(row, by, self.clock.now())
        await self._check(row)
        await self.session.flush()
        return row

    async def _check(self, row: Record) -> None:
        valid_from, valid_to = getattr(row, "valid_from", None), getattr(row, "valid_to", None)
        if valid_from is not None and valid_to is not None and valid_to <= valid_from:
            raise PeriodInvalid
        if isinstance(row, CalendarPeriod) and row.last_on < row.first_on:
            raise PeriodInvalid
        limited_to = set(getattr(row, LIMIT_FIELD, ()))
        if limited_to:
            statement = select(CaseCategory.id).where(col(CaseCategory.id).in_(limited_to))
            if limited_to - set((await self.session.exec(statement)).all()):
                raise UnknownReference("limited_to names a category that does not exist")


def _narrowed(resource: Resource, wanted: ReferenceQuery) -> SelectOfScalar[Record]:
    statement = select(resource.model)
    if wanted.active is not None:
        statement = statement.where(col(resource.model.is_active).is_(wanted.active))  # type: ignore[attr-defined]  # every kind has it
    if wanted.q:
        statement = statement.where(_matches(resource, wanted.q))
    return statement


def _matches(resource: Resource, text: str) -> ColumnElement[bool]:
    if resource.by_likeness:
        return _is_like(text)
    names = [resource.shown_as, *(["code"] if resource.has_code else [])]
    columns = [getattr(resource.model, name) for name in names]
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _is_like(name: str) -> ColumnElement[bool]:
    """A judge whose name has these letters, or words much like them (pg_trgm)."""
    spelling = normal_spelling(name)
    contains = col(Judge.name_norm).contains(spelling, autoescape=True)
    return or_(contains, literal(spelling).op("<%")(col(Judge.name_norm)))


def _by_name(resource: Resource) -> Order[Record]:
    name = resource.shown_as
    return Order(
        name,
        (
            SortKey(getattr(resource.model, name), lambda row: getattr(row, name)),
            SortKey(col(resource.model.id), lambda row: row.id, read_id),
        ),
    )

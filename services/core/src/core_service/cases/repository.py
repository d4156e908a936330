"""Statements over cases: finding, listing, looking up, and the next free number."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    String,
    Uuid,
    and_,
    any_,
    case,
    cast,
    collate,
    func,
    literal,
    or_,
    true,
    update,
)
from sqlalchemy import Select as RowSelect
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core_service.access.reach import filtered, note_made, of_found, registry_wide
from core_service.access.repository import CourtDataRepository
from core_service.bulk import any_of, insert_rows, table_of, update_rows
from core_service.cases.lookup import NumberQuery
from core_service.cases.models import HOLDS_ITS_NUMBER, Case
from core_service.cases.numbers import NEAR_DAYS, CaseNumber, slips_for
from core_service.cases.records import CASE_COLUMNS, CaseRow, number_of
from core_service.cases.visibility import Visibility
from core_service.reference.models import CaseType

UNIQUE_NUMBER: Final = "numbers are unique among all cases of a court, sealed and deleted too"
KEY = ("court_id", "caseid_type", "number_norm", "filed_year")
_key: Final = attrgetter(*KEY)
KEY_TYPES: tuple[TypeEngine[Any], ...] = (Uuid(), String(), String(), Integer())


@dataclass(frozen=True, slots=True)
class CaseRepository(CourtDataRepository[Case]):
    """Cases. Methods that take a `Visibility` give only what the caller may know of."""

    model: ClassVar[type[SQLModel]] = Case
    session: AsyncSession

    def visible(self, visibility: Visibility) -> SelectOfScalar[Case]:
        return visibility.limit(select(Case))

    def with_names(self, statement: SelectOfScalar[Case]) -> SelectOfScalar[Case]:
        return statement.options(
            joinedload(Case.court),  # type: ignore[arg-type]  # SQLModel types it as the row it gives
            joinedload(Case.case_type).joinedload(CaseType.category),  # type: ignore[arg-type]  # same
            joinedload(Case.lead_judge),  # type: ignore[arg-type]  # same
        ).execution_options(populate_existing=True)

    def locked(self, statement: SelectOfScalar[Case]) -> SelectOfScalar[Case]:
        """The statement, its cases held until the transaction ends and read as they are then."""
        return statement.with_for_update(of=Case).execution_options(populate_existing=True)

    async def register(self, cases: Iterable[CaseRow]) -> None:
        """Insert new cases, in an order by which two writers of the same ones do not deadlock."""
        in_order = sorted(cases, key=number_of)
        await insert_rows(self.session, Case, [case.columns() for case in in_order])
        for each in in_order:
            note_made(self.session.sync_session, each.id)

    async def change_rows(self, cases: Iterable[CaseRow], names: Sequence[str]) -> None:
        """Write these columns of registered cases."""
        rows = [{name: getattr(case, name) for name in ("id", *names)} for case in cases]
        await update_rows(self.session, Case, ["id"], rows)

    async def shown(self, case_id: UUID) -> Case:
        """A case that is there, as it is now, with its names."""
        statement = self.with_names(select(Case).where(col(Case.id) == case_id))
        return (await self.session.exec(of_found(statement, [case_id]))).one()

    def by_ids(self, case_ids: Collection[UUID]) -> SelectOfScalar[Case]:
        """The cases with these IDs, deleted or not, in the order of all locks."""
        statement = select(Case).where(col(Case.id).in_(case_ids)).order_by(col(Case.id))
        return registry_wide(statement, "both ends of a change are locked; deciders may see one")

    def numbered(self, number: CaseNumber) -> SelectOfScalar[Case]:
        """The case with this number, deleted or not."""
        statement = select(Case).where(
            col(Case.court_id) == number.court_id,
            col(Case.caseid_type) == number.caseid_type,
            col(Case.number_norm) == number.number_norm,
            col(Case.filed_year) == number.filed_year,
            col(Case.reverted).is_(False),
        )
        return registry_wide(statement, UNIQUE_NUMBER)

    def numbered_any(self, numbers: Collection[CaseNumber]) -> SelectOfScalar[Case]:
        """The cases with these numbers, deleted or not, in the order of all locks."""
        columns = zip(*map(_key, numbers), strict=True)
        wanted = table_of(
            "wanted", dict(zip(KEY, zip(KEY_TYPES, columns, strict=True), strict=True))
        )
        same = and_(*(getattr(Case, name) == wanted.c[name] for name in KEY))
        held = select(Case).where(col(Case.reverted).is_(False))
        statement = held.join(wanted, same).order_by(col(Case.id))
        return registry_wide(statement, UNIQUE_NUMBER)

    async def rows_numbered(
        self, numbers: Collection[CaseNumber], *, lock: bool
    ) -> Sequence[CaseRow]:
        """The same cases as plain rows, as they are now; with `lock`, held until the end."""
        statement = self.numbered_any(numbers)
        return await self._rows(statement.with_for_update(of=Case) if lock else statement)

    async def lock_rows(self, case_ids: Collection[UUID]) -> Sequence[CaseRow]:
        """The cases with these IDs as plain rows, held until the transaction ends."""
        statement = select(Case).where(any_of(Case.id, set(case_ids))).order_by(col(Case.id))
        held = registry_wide(statement, "a change of many cases is written without entities")
        return await self._rows(held.with_for_update(of=Case))

    async def delete_registered(
        self, batch_id: UUID, case_ids: Collection[UUID], now: datetime
    ) -> None:
        """Delete those of the cases that the import has registered, with their numbers."""
        statement = (
            update(Case)
            .where(any_of(Case.id, set(case_ids)), col(Case.batch_id) == batch_id)
            .values(deleted_at=now, reverted=True)
        )
        await self.session.exec(statement.execution_options(synchronize_session=False))

    async def _rows(self, cases: SelectOfScalar[Case]) -> Sequence[CaseRow]:
        columns = (getattr(Case, name) for name in CASE_COLUMNS)
        statement: RowSelect[*tuple[Any, ...]] = cases.with_only_columns(*columns)
        await self.session.flush()  # what follows bypasses the session
        connection = await self.session.connection()
        rows = [CaseRow(*values) for values in await connection.execute(statement)]
        for row in rows:
            note_made(self.session.sync_session, row.id)
        return rows

    async def similar(
        self, filed: Mapping[CaseNumber, date], visibility: Visibility
    ) -> list[tuple[CaseNumber, Case]]:
        """Cases whose number may be a slip for one of these: each with the number that it is like.

        Of other years those whose dates `may_be_one_filing`.
        """
        wanted = [(number, slip, None) for number in filed for slip in slips_for(number)] + [
            (number, number, filed[number]) for number in filed
        ]
        table = table_of(
            "wanted",
            {
                "place": (Integer(), range(len(wanted))),
                "court_id": (Uuid(), (slip.court_id for _, slip, _ in wanted)),
                "caseid_type": (String(), (slip.caseid_type for _, slip, _ in wanted)),
                "number_norm": (String(), (slip.number_norm for _, slip, _ in wanted)),
                "filed_year": (Integer(), (slip.filed_year for _, slip, _ in wanted)),
                "filed_on": (Date(), (on for _, _, on in wanted)),
            },
        )
        register = and_(
            *(getattr(Case, name) == table.c[name] for name in KEY if name != "filed_year")
        )
        same_year = col(Case.filed_year) == table.c.filed_year
        same_day = func.to_char(Case.filed_on, "MMDD") == func.to_char(table.c.filed_on, "MMDD")
        near = func.abs(col(Case.filed_on) - table.c.filed_on) <= NEAR_DAYS
        of_other_year = and_(~same_year, or_(same_day, near))
        statement = (
            select(table.c.place, Case)
            .join_from(table, Case, register)
            .where(or_(and_(table.c.filed_on.is_(None), same_year), of_other_year))
            .order_by(table.c.place, col(Case.filed_year))
        )
        found = await self.session.exec(visibility.limit(statement))
        return [(wanted[place][0], case) for place, case in found]

    def like_number(
        self, query: NumberQuery, visibility: Visibility, limit: int
    ) -> SelectOfScalar[Case]:
        """Cases whose number and, where given, year fit; the type only ranks them."""
        fitting = fits(query)
        likeliest_first = (
            col(Case.caseid_type).in_(query.caseid_types).desc(),
            case(*((fit, place) for place, fit in enumerate(fitting))),
            col(Case.filed_year).desc(),
            # A number without its year has thousands: bytes compare in a fifth of the time.
            collate(col(Case.caseid_type), "C"),
            col(Case.id),
        )
        # Only those that are shown are joined with their names.
        found = visibility.limit(select(Case.id)).where(or_(*fitting))
        shown = found.order_by(*likeliest_first).limit(limit).scalar_subquery()
        return filtered(
            select(Case).where(col(Case.id) == any_(func.array(shown))).order_by(*likeliest_first)
        )

    async def insert_if_new(self, values: dict[str, Any]) -> UUID | None:
        """Insert a case and give its ID; None when another with its number is there already.

        Waits for a transaction that is registering the same number: the second one finds the case.
        """
        statement = insert(Case).values(values)
        statement = statement.on_conflict_do_nothing(
            index_elements=list(KEY), index_where=HOLDS_ITS_NUMBER
        )
        inserted = await self.session.exec(statement.returning(col(Case.id)))
        case_id = inserted.scalar_one_or_none()
        if case_id is not None:
            note_made(self.session.sync_session, case_id)
        return case_id

    async def highest_serial(self, court_id: UUID, caseid_type: str, year: int, prefix: str) -> int:
        """The highest serial of a register, held until the transaction ends; 0 for an empty one."""
        register = f"{court_id}/{caseid_type}/{year}/{prefix}"
        lock = func.pg_advisory_xact_lock(func.hashtextextended(register, 0))
        await self.session.exec(select(lock))
        statement = select(func.coalesce(func.max(Case.number_serial), 0)).where(
            col(Case.court_id) == court_id,
            col(Case.caseid_type) == caseid_type,
            col(Case.filed_year) == year,
            col(Case.number_norm) == literal(prefix) + cast(Case.number_serial, String),
        )
        return (await self.session.exec(registry_wide(statement, UNIQUE_NUMBER))).one()

    async def received_from(self, origin_id: UUID, court_id: UUID) -> Case | None:
        """The case at this court that a transfer of the other one has brought into being."""
        statement = select(Case).where(
            col(Case.received_from_id) == origin_id, col(Case.court_id) == court_id
        )
        return await self.first(registry_wide(statement, "a file returns to the case that it was"))

    def received_as(self, case_id: UUID, since: date) -> SelectOfScalar[Case]:
        """The case that this one's file is at another court, as returns report it."""
        statement = select(Case).where(
            col(Case.received_from_id) == case_id,
            col(Case.received_by_return).is_(True),
            col(Case.last_activity_on) >= since,
        )
        return registry_wide(statement.limit(1), "a file is received once")

    async def all_ids(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """IDs of all cases in order, a slice at a time."""
        statement = select(Case.id).order_by(col(Case.id)).limit(limit)
        if after is not None:
            statement = statement.where(col(Case.id) > after)
        return (await self.session.exec(registry_wide(statement, "a rebuild replays all"))).all()


def fits(query: NumberQuery) -> list[ColumnElement[bool]]:
    """The condition of each reading, a step in the index on numbers."""
    return [
        and_(
            col(Case.number_norm) == reading.number_norm,
            true() if reading.filed_year is None else col(Case.filed_year) == reading.filed_year,
        )
        for reading in query.readings
    ]

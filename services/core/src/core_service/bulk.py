"""Many rows in one statement: COPY for new ones, UPDATE from arrays for changed ones.

Rows of the ORM cost a hundred times what the database takes to write them. The audit does not see
what is written here; where it wants an event a row, as in a request, the ORM writes it after all.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import ARRAY, ColumnElement, TableValuedAlias, Uuid, any_, bindparam, func
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from common.database import driver_connection
from core_service.access.reach import registry_wide
from core_service.audit.acting import acting
from core_service.tables import Record

DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy does not type it
Row = Mapping[str, Any]


def any_of(column: Any, values: Sequence[Any] | set[Any], kind: Any = None) -> ColumnElement[bool]:
    """That a column has one of these values: one parameter, where IN has as many as values."""
    array = bindparam(None, list(values), type_=ARRAY(kind or Uuid()))
    condition: ColumnElement[bool] = column == any_(array)
    return condition


def table_of(
    name: str, columns: Mapping[str, tuple[TypeEngine[Any], Iterable[Any]]]
) -> TableValuedAlias:
    """Values as a table to join with: one plan for any count, where a list of tuples is a plan for
    each.
    """
    arrays = (bindparam(None, list(values), type_=ARRAY(kind)) for kind, values in columns.values())
    return func.unnest(*arrays).table_valued(*columns).render_derived(name=name)


async def insert_rows(session: AsyncSession, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns in the same order."""
    if not rows:
        return
    if _is_audited(model):
        session.add_all(model(**row) for row in rows)
        await session.flush()
        return
    await session.flush()
    connection = await driver_connection(session)
    adapt = _adapter(model, tuple(rows[0]))
    with _translated():
        async with connection.cursor() as cursor, cursor.copy(_copy(model, tuple(rows[0]))) as copy:
            for row in rows:
                await copy.write_row(adapt(row.values()))


async def insert_missing(session: AsyncSession, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Insert rows of a table that is not audited, but for those whose key is there already."""
    if not rows:
        return
    await session.flush()
    connection = await driver_connection(session)
    names = tuple(rows[0])
    with _translated():
        await connection.execute(_insert_missing(model, names), _columns(model, names, rows))


async def update_rows(
    session: AsyncSession, model: type[SQLModel], key: Sequence[str], rows: Sequence[Row]
) -> None:
    """Write the other columns of the rows with these keys; all have the same columns."""
    if not rows:
        return
    if _is_audited(model):
        await _update_one_by_one(session, model, rows)
        return
    await session.flush()
    connection = await driver_connection(session)
    names = tuple(rows[0])
    with _translated():
        statement = _update(model, tuple(key), names)
        await connection.execute(statement, _columns(model, names, rows))


async def delete_rows(session: AsyncSession, model: type[SQLModel], ids: Sequence[UUID]) -> None:
    """Delete the rows with these IDs."""
    if ids:
        await session.flush()
        connection = await driver_connection(session)
        statement = sql.SQL("DELETE FROM {} WHERE id = ANY(%s)")
        with _translated():
            table = sql.Identifier(_table(model).name)
            await connection.execute(statement.format(table), [list(ids)])


def _is_audited(model: type[SQLModel]) -> bool:
    """Whether changes of these rows are noted one by one: in a request, and not in an import."""
    current = acting.get()
    is_record = issubclass(model, Record)
    return is_record and current is not None and current.covers(_table(model).name)


async def _update_one_by_one(
    session: AsyncSession, model: type[SQLModel], rows: Sequence[Row]
) -> None:
    columns = _table(model).columns
    these = any_of(columns["id"], [row["id"] for row in rows])
    held = registry_wide(select(model).where(these), "the rows that are written are found already")
    found = await session.exec(held.execution_options(populate_existing=True))
    by_id = {each.id: each for each in found if isinstance(each, Record)}
    for row in rows:
        for name, value in row.items():
            setattr(by_id[row["id"]], name, value)
    await session.flush()


@cache
def _copy(model: type[SQLModel], names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(_table(model).name), sql.SQL(", ").join(map(sql.Identifier, names))
    )


@cache
def _update(model: type[SQLModel], key: tuple[str, ...], names: tuple[str, ...]) -> sql.Composed:
    written = [
        sql.SQL("{0} = new.{0}").format(sql.Identifier(name)) for name in names if name not in key
    ]
    same = [sql.SQL("t.{0} = new.{0}").format(sql.Identifier(name)) for name in key]
    return sql.SQL("UPDATE {} AS t SET {} FROM unnest({}) AS new ({}) WHERE {}").format(
        sql.Identifier(_table(model).name),
        sql.SQL(", ").join(written),
        _arrays(model, names),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(" AND ").join(same),
    )


@cache
def _insert_missing(model: type[SQLModel], names: tuple[str, ...]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({}) ON CONFLICT DO NOTHING").format(
        sql.Identifier(_table(model).name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        _arrays(model, names),
    )


def _arrays(model: type[SQLModel], names: tuple[str, ...]) -> sql.Composed:
    columns = _table(model).columns
    types = (sql.SQL(columns[name].type.compile(DIALECT)) for name in names)
    return sql.SQL(", ").join(sql.SQL("%s::{}[]").format(each) for each in types)


def _columns(model: type[SQLModel], names: tuple[str, ...], rows: Sequence[Row]) -> list[list[Any]]:
    adapt = _adapter(model, names)
    return [list(values) for values in zip(*(adapt(row.values()) for row in rows), strict=True)]


@cache
def _adapter(model: type[SQLModel], names: tuple[str, ...]) -> Any:
    """From a row's values to those that the driver writes."""
    documents = {
        place
        for place, name in enumerate(names)
        if isinstance(_table(model).columns[name].type, JSONB)
    }

    def plain(place: int, value: Any) -> Any:
        if isinstance(value, Enum):
            return value.value
        if place in documents:
            return json.dumps(value, ensure_ascii=False)
        return value

    def adapt(values: Any) -> list[Any]:
        return [
            value if value is None or type(value) in _AS_THEY_ARE else plain(place, value)
            for place, value in enumerate(values)
        ]

    return adapt


_AS_THEY_ARE: Final = frozenset({int, str, bool, bytes, date, datetime, UUID})


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]  # of every model with `table=True`


@contextmanager
def _translated() -> Iterator[None]:
    """The driver's errors as SQLAlchemy's, and without the values that they name."""
    try:
        yield
    except psycopg.Error as error:
        if error.diag.message_primary is not None:
            error.args = (error.diag.message_primary,)
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, hide_parameters=True, dialect=DIALECT
        ) from error

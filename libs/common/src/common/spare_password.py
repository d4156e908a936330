"""Connections that try a second password: a role has one at a time, also while it is replaced."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, Self

from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr
from sqlalchemy.engine import Dialect

# Before a connection is made an error has no SQLSTATE.
REFUSED: Final = "password authentication failed"


def connect_with_either(spare: SecretStr) -> Callable[..., Any]:
    """For SQLAlchemy's event do_connect."""

    def connect(dialect: Dialect, _record: object, positional: Any, named: dict[str, Any]) -> Any:
        try:
            return dialect.connect(*positional, **named)
        except OperationalError as error:
            if REFUSED not in str(error):
                raise
            return dialect.connect(*positional, **named | {"password": spare.get_secret_value()})

    return connect


def pool_factory(spare: SecretStr | None) -> Callable[..., AsyncConnectionPool[Any]]:
    """Makes pools of psycopg's own connections, as the queues of jobs have."""
    if spare is None:
        return AsyncConnectionPool
    password = spare.get_secret_value()

    class EitherPassword(AsyncConnection[Any]):
        @classmethod
        async def connect(cls, conninfo: str = "", **options: Any) -> Self:
            try:
                return await super().connect(conninfo, **options)
            except OperationalError as error:
                if REFUSED not in str(error):
                    raise
                return await super().connect(conninfo, **options | {"password": password})

    return partial(AsyncConnectionPool, connection_class=EitherPassword)

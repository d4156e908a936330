"""What a benchmark's registry was filled with, remembered by the database itself.

So that one which was kept is used again only for the same size, made by the same generator.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from time import perf_counter
from typing import Any, Final

import psycopg
from bench.figures import DIRTY, commit
from bench.generate import Size, generate
from psycopg import sql

# What decides which rows are made: the invention, and core's own words and rules.
CORE: Final = "services/core/src/core_service"
GENERATOR: Final = (
    *("bench/generate.py", "bench/registry_histories.py", "bench/registry_state.py"),
    *("bench/registry_world.py", f"{CORE}/reference", f"{CORE}/ledger", f"{CORE}/hearings"),
    *(f"{CORE}/assignments", f"{CORE}/activities", f"{CORE}/cases"),
)
MARK: Final = """
SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()
"""
COUNTS: Final = """
SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM case_activities),
  (SELECT count(*) FROM courts)
"""


def fill(url: str, size: Size) -> dict[str, Any]:
    """Fill an empty registry, or find one filled in the same way; what is there, and from what.

    Raises RuntimeError when the database holds anything else, or when that cannot be determined.
    """
    sized = json.loads(json.dumps(asdict(size), default=str))
    wanted = {"size": sized, "generator": commit(*GENERATOR)}
    found = _mark(url)
    if found is None:
        found = wanted | _generated(url, size)
        _set_mark(url, found)
    elif {name: found.get(name) for name in wanted} != wanted:
        raise RuntimeError(f"the database was filled otherwise: {found}; wanted is {wanted}")
    elif wanted["generator"].endswith(DIRTY):
        raise RuntimeError("the generator has changes that no commit names: fill another database")
    cases, activities, courts = _counts(url)
    there = {"cases": cases, "activities": activities, "courts": courts}
    return found | {"size": {**found["size"], **there}}


def _generated(url: str, size: Size) -> dict[str, Any]:
    cases, *_ = _counts(url)
    if cases:
        raise RuntimeError(f"the database holds {cases} cases of unknown origin: name another")
    started = perf_counter()
    rows = generate(url, size)
    return {"rows": rows, "filled_in_seconds": round(perf_counter() - started)}


def _counts(url: str) -> tuple[int, int, int]:
    with psycopg.connect(url) as connection:
        cases, activities, courts = connection.execute(COUNTS).fetchone() or (0, 0, 0)
        return cases, activities, courts


def _mark(url: str) -> dict[str, Any] | None:
    with psycopg.connect(url) as connection:
        (comment,) = connection.execute(MARK).fetchone() or (None,)
    return json.loads(comment) if comment else None


def _set_mark(url: str, filling: Mapping[str, Any]) -> None:
    """As the database's comment, so that core's schema needs no further table."""
    with psycopg.connect(url) as connection:
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
        name = sql.Identifier(connection.info.dbname)
        connection.execute(statement.format(name, sql.Literal(json.dumps(filling))))

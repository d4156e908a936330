"""Every function that builds a query over court data declares how far it reaches.

What is executed in a test is refused at run time (`access/guard.py`); this also finds what no test
executes.
"""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import core_service
from core_service import models
from core_service.access.reach import SHARED

SOURCES = Path(core_service.__file__).parent
COURT_DATA = {
    model
    for model in vars(models).values()
    if getattr(model, "__tablename__", None) not in SHARED | {None}
}
SELECTS = {"select", "select_cases", "select_columns"}
DECLARES = {"filtered", "of_found", "registry_wide", "found"}
LEFT_OUT = {"migrations"}
# A function that hands its query to another one, which declares the reach.
DECLARED_ELSEWHERE = {
    "metrics/conditions.py:cases": "a column, within a query that is filtered",
    "metrics/conditions.py:has_changed": "a condition, within a query that is filtered",
    "metrics/known_court_days.py:_closing": "a list to join, within a query that is filtered",
    "metrics/court_days.py:_scheduled": "rows of a query that is filtered, by its courts",
    "metrics/court_days.py:_was_set_until_closed": "a condition, within a query that is filtered",
    "metrics/known_court_days.py:_counting_in_period": "a condition, in a query that is filtered",
    "metrics/known.py:changed_since": "a condition, within a query that is filtered",
    "metrics/known.py:_had_ended": "a condition, within a query that is filtered",
    "metrics/known.py:seats_then": "a table, within a query that is filtered",
    "metrics/pending_age.py:details": "a condition, within a query that is filtered",
    "returns/spelling_repository.py:waiting_for": "a condition, within a query over a batch's rows",
    "returns/spelling_repository.py:released_by": "as above",
    "returns/row_repository.py:hold_for_grant": "writes issues of a batch's rows and shows none",
    "cases/visibility.py:unsealed": "a condition, within a query that is filtered",
    "metrics/custody.py:_held": "a column, within a query that is filtered",
    "returns/alias_origins.py:alias_origins": "conditions, within a query over aliases",
    "aliases/reading.py:readable": "as above",
    "exports/filters.py:_sat": "a condition, within a query that is filtered",
    "aliases/suggestions.py:_likest": "declared where it is run",
    "demo/seeding.py:seed_demo": "a command of the operator, on the demo's own court",
}


def functions() -> Iterator[tuple[str, ast.AST, ModuleType]]:
    for path in sorted(SOURCES.rglob("*.py")):
        place = path.relative_to(SOURCES)
        if place.parts[0] in LEFT_OUT:
            continue
        tree = ast.parse(path.read_text())
        defined = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        if defined:
            module = importlib.import_module(
                ".".join((core_service.__name__, *place.with_suffix("").parts))
            )
            yield from ((f"{place.as_posix()}:{node.name}", node, module) for node in defined)


def called(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def reads_court_data(node: ast.AST, module: ModuleType) -> bool:
    return any(
        name_of(call.func) in SELECTS
        and any(
            isinstance(each, ast.Name) and getattr(module, each.id, None) in COURT_DATA
            for argument in call.args
            for each in ast.walk(argument)
        )
        for call in called(node)
    )


def declares(node: ast.AST) -> bool:
    return any(
        name_of(call.func) in DECLARES
        # `Visibility.limit` filters by court and seal; a query's own `limit` takes a number.
        or (name_of(call.func) == "limit" and "visibility" in ast.unparse(call.func))
        for call in called(node)
    )


def test_every_query_over_court_data_declares_its_reach() -> None:
    undeclared = {
        place
        for place, node, module in functions()
        if reads_court_data(node, module) and not declares(node)
    }

    assert undeclared == set(DECLARED_ELSEWHERE)


def test_the_search_finds_a_query_without_one() -> None:
    forgotten = ast.parse("def f(x):\n    return select(Case).where(col(Case.id) == x).limit(5)")
    declared = ast.parse("def f(x):\n    return of_found(select(Case.id).where(True), [x])")

    assert reads_court_data(forgotten, models)
    assert not declares(forgotten)
    assert declares(declared)

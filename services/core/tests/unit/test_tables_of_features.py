"""A feature asks another by its service: it writes no SQL on tables that are not its own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import core_service
from core_service import models
from core_service.tables import METADATA, Table
from core_service.wiring import JUDGE_COLUMNS

ROOT: Final = Path(core_service.__file__).parent
MAKES_SCHEMA: Final = "migrations"
WRITING: Final = {"insert", "update", "delete", "insert_rows", "update_rows", "delete_rows"}
# Writes rows to the table that its caller names: the calls are checked.
WRITES_FOR_CALLERS: Final = ROOT / "bulk.py"
STATEMENTS: Final = WRITING | {"select", "join", "outerjoin", "select_from", "aliased", "exists"}

# Whose tables the typed statements of a feature read, besides its own: always of a lower feature,
# so that a list is one statement instead of one a row.
READ: Final = {
    "activities": {"cases", "ledger"},
    "assignments": {"cases", "reference"},
    "audit_events": {"audit", "cases", "links", "returns"},
    "cases": {"reference"},
    "demo": {"cases", "reference"},
    "hearings": {"cases", "ledger", "reference"},
    "ledger": {"cases", "reference"},
    "metrics": {"cases", "ledger", "reference"},
    "returns": {"aliases", "reference"},
}
# Activities and their benches are rows of the ledger's tables, which activities alone writes.
WRITTEN: Final = {"activities": {"ledger"}}
# References to judges that no merge moves: what judges became.
OF_MERGES: Final = {
    ("judges", "merged_into_id"),
    ("judge_merges", "judge_id"),
    ("judge_merges", "into_id"),
}


def owners() -> dict[str, str]:
    """The feature of each table."""
    rows = (getattr(models, name) for name in models.__all__)
    tables = [row for row in rows if isinstance(row, type) and issubclass(row, Table)]
    return {str(row.__tablename__): row.__module__.split(".")[1] for row in tables}


OWNERS: Final = owners()
# A table by its name, or by a place in the text that is filled in later.
NAMED_IN_SQL: Final = re.compile(
    rf"\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+({'|'.join(OWNERS)}|{{\w*}})(?!\w)", re.IGNORECASE
)


def foreign_sql(source: ast.AST, feature: str) -> set[str]:
    """The tables of other features that SQL in texts names; docstrings are prose."""
    prose = {
        id(node.value)
        for node in ast.walk(source)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    texts = (
        node.value
        for node in ast.walk(source)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    )
    named = {table for text in texts for table in NAMED_IN_SQL.findall(text)}
    return {table for table in named if OWNERS.get(table.lower()) != feature}


def foreign_statements(source: ast.AST, feature: str) -> Iterator[tuple[str, str]]:
    """Each call that builds a statement on another feature's model, and that feature."""
    models_of = {
        alias.asname or alias.name: node.module.split(".")[1]
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom)
        and node.module
        and re.fullmatch(r"core_service\.\w+\.models", node.module)
        for alias in node.names
    }
    for call in ast.walk(source):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in STATEMENTS:
            for node in ast.walk(call):
                owner = models_of.get(node.id, feature) if isinstance(node, ast.Name) else feature
                if owner != feature:
                    yield name, owner


MODULES: Final = [
    path
    for path in sorted(ROOT.rglob("*.py"))
    if MAKES_SCHEMA not in path.relative_to(ROOT).parts and path != WRITES_FOR_CALLERS
]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_feature_s_statements_are_about_its_own_tables(module: Path) -> None:
    feature, source = module.relative_to(ROOT).parts[0], ast.parse(module.read_text())
    if feature == module.name:  # flat modules are no feature
        feature = ""

    assert foreign_sql(source, feature) == set()
    if not feature:
        return
    for statement, owner in foreign_statements(source, feature):
        allowed = WRITTEN if statement in WRITING else READ
        assert owner in allowed.get(feature, set()), f"{statement} on a table of {owner}"


@pytest.mark.parametrize(
    "source",
    [
        "MOVE = 'UPDATE cases SET lead_judge_id = NULL'",
        "MOVE = 'UPDATE {table} SET {column} = NULL'",
        "MOVE = f'DELETE FROM aliases WHERE id = {alias_id}'",
        "from core_service.cases.models import Case\nupdate(Case).values(sealed=True)",
        "from core_service.cases.models import Case\nbulk.insert_rows(session, Case, rows)",
        "from core_service.aliases.models import Alias as Other\nselect(Other.id)",
    ],
)
def test_the_check_finds_statements_on_other_features_tables(source: str) -> None:
    parsed = ast.parse(source)
    found = [owner for _, owner in foreign_statements(parsed, "judges")]

    assert foreign_sql(parsed, "judges") or found


def test_every_reference_to_a_judge_is_declared_so_that_merges_move_it() -> None:
    references = {
        (table.name, column.name)
        for table in METADATA.tables.values()
        for column in table.columns
        if any(key.target_fullname == "judges.id" for key in column.foreign_keys)
    }
    declared = {(column.entity, column.name) for column in JUDGE_COLUMNS.declared}
    moved_otherwise = {("activity_judges", "judge_id"), ("judge_postings", "judge_id")}

    assert references - OF_MERGES - moved_otherwise <= declared
    # Spellings point into several tables, so that their reference cannot be a foreign key.
    assert declared - references == {("aliases", "target_id"), ("court_aliases", "target_id")}

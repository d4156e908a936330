"""`masijala returns repair`: goes through the rows of an import that need a person."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from rich.console import Console

from devstack.accounts import SignedIn
from devstack.errors import StackError
from devstack.importing import IMPORTS, faults, open_rows, suggestion

MOST: Final = 200
PARTS: Final = ("dd", "mon", "yyyy")
# Asks for a cell's new value: the question, and what an empty answer means.
Ask = Callable[[str, str], str]


async def repair_rows(user: SignedIn, batch_id: str, ask: Ask, console: Console) -> bool:
    """Ask for each faulty cell and send what is answered; whether no row is left over.

    A cell that is answered as it was stays. Raises StackError when there is no such import.
    """
    rows = await open_rows(user, batch_id, MOST)
    left = 0
    for row in rows:
        cells = _answers(row, ask, console)
        left += not (cells and await _send(user, batch_id, row, cells, console))
    console.print(f"{len(rows) - left} of {len(rows)} rows repaired")
    return left == 0


def _answers(row: Mapping[str, Any], ask: Ask, console: Console) -> dict[str, str]:
    number = f"{row['raw'].get('caseid_type', '')} {row['raw'].get('caseid_no', '')}".strip()
    console.print(f"row {row['row_no']} ({row['result']}) {number}", markup=False)
    cells: dict[str, str] = {}
    covered: set[str] = set()
    for issue in faults(row):
        console.print(f"  {issue['code']}: {issue['message']}", markup=False)
        columns = [each for each in _columns(issue["column"]) if each in row["raw"]]
        likely = suggestion(issue)
        if likely and columns:
            console.print(f"  suggested: {likely}", markup=False)
        for column in columns:
            now = row["raw"][column]
            if column not in covered and (answer := ask(f"  {column}", now)) != now:
                cells[column] = answer
            covered.add(column)
    return cells


def _columns(column: str | None) -> tuple[str, ...]:
    """The cells to ask for: an issue about a date names one of its three."""
    if column is None:
        return ()
    name, _, part = column.rpartition("_")
    return tuple(f"{name}_{each}" for each in PARTS) if part in PARTS else (column,)


async def _send(
    user: SignedIn, batch_id: str, row: Mapping[str, Any], cells: dict[str, str], console: Console
) -> bool:
    path = f"{IMPORTS}/{batch_id}/rows/{row['row_no']}"
    try:
        current = await user.request("GET", path)
        match = {"If-Match": f'"{current.json()["version"]}"'}
        answer = (await user.request("PATCH", path, json=cells, headers=match)).json()
    except StackError as error:
        console.print(f"  {error}", style="red", markup=False, soft_wrap=True)
        return False
    console.print(f"  now {answer['result']}", markup=False)
    return not faults(answer)

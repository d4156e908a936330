"""`masijala import`: sends returns in through the gateway and shows what became of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from stamina.instrumentation import set_on_retry_hooks

from common.http_client import FilePart, ServiceClient
from common.ids import uuid7
from devstack.accounts import SignedIn, find_password, gateway_address
from devstack.errors import StackError
from devstack.settings import DevstackSettings

IMPORTS: Final = "/api/v1/imports"
COURTS: Final = "/api/v1/courts"
# How many rows that need a person are shown, and how many courts with a like name.
SHOWN: Final = 20
UPLOAD_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.3
# The states in which nothing moves any more, by mode.
FINAL: Final = {
    "apply": frozenset({"applied", "partial", "failed", "reverted"}),
    "validate": frozenset({"validated", "failed", "reverted"}),
}
PAGE: Final = 200
MAX_PAGES: Final = 50


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """Which file to send, where and as whom."""

    file: Path
    url: str
    email: str
    password: str = field(repr=False)
    mode: str = "apply"
    court: str | None = None

    @classmethod
    def prepare(
        cls, settings: DevstackSettings, *, file: Path, url: str | None, email: str, mode: str
    ) -> Self:
        """Fill in the running stack's address and the password. Raises StackError."""
        if mode not in FINAL:
            raise StackError(f"--mode {mode}: use one of {', '.join(FINAL)}")
        address = url or gateway_address(settings)
        return cls(file, address, email, find_password(settings, email), mode)


class Outcome(IntEnum):
    """How an import ended; the exit code. (2 is that of a wrong command line.)"""

    DONE = 0
    FAILED = 1
    NEEDS_PERSON = 3


async def import_returns(
    order: ImportOrder, files: AsyncIterator[Path], console: Console
) -> Outcome:
    """Send files one after the other, watch each, print its counts. Raises StackError.

    The outcome is the worst of theirs; a file that is refused keeps no other from being sent.
    """
    set_on_retry_hooks(())  # a retry is no news for who watches a progress bar
    client = ServiceClient(order.url, timeout_seconds=UPLOAD_SECONDS)
    outcomes = {Outcome.DONE}
    try:
        user = SignedIn(client, order.email, order.password)
        order = replace(order, court=await court_id(user, order.court))
        async for file in files:
            try:
                outcomes.add(await send_and_watch(user, replace(order, file=file), console))
            except (StackError, OSError) as error:
                console.print(f"{file}: {error}", style="red", markup=False, soft_wrap=True)
                outcomes.add(Outcome.FAILED)
    finally:
        await client.aclose()
    order_of_gravity = (Outcome.FAILED, Outcome.NEEDS_PERSON, Outcome.DONE)
    return next(each for each in order_of_gravity if each in outcomes)


async def court_id(user: SignedIn, court: str | None) -> str | None:
    """The ID of the court with this code, name or ID. Raises StackError when there is not one."""
    if court is None:
        return None
    with suppress(ValueError):
        return str(UUID(court))
    response = await user.request("GET", COURTS, params={"q": court, "limit": PAGE})
    found = response.json()["items"]
    same = [each for each in found if court.casefold() in _names(each)]
    if len(same) != 1:
        likely = ", ".join(each["name"] for each in found[:SHOWN]) or "none"
        raise StackError(f"--court {court}: there is not one court of this name; like it: {likely}")
    return str(same[0]["id"])


def _names(court: Mapping[str, Any]) -> set[str]:
    return {court["code"].casefold(), court["name"].casefold()}


async def send_and_watch(user: SignedIn, order: ImportOrder, console: Console) -> Outcome:
    """Send one file as this user, watch it, and print what became of it."""
    batch = await _upload(user, order)
    batch = await _watch(user, batch, order, console)
    console.print(counts_table(batch))
    issues, complete = await _issues(user, str(batch["id"]))
    if issues:
        console.print(issues_table(issues, complete=complete))
    counts = batch["counts"]
    if counts.get("held") or counts.get("rejected"):
        rows = await open_rows(user, str(batch["id"]), SHOWN)
        console.print(open_rows_table(rows, counts["held"] + counts["rejected"]))
        console.print(f"repair them: masijala returns repair {batch['id']}", soft_wrap=True)
    return _concluded(batch, console)


async def open_rows(user: SignedIn, batch_id: str, limit: int) -> list[dict[str, Any]]:
    """The first rows that need a person: those that wait, then those that are rejected."""
    found: list[dict[str, Any]] = []
    for result in ("HELD", "REJECTED"):
        params = {"result": result, "limit": limit}
        response = await user.request("GET", f"{IMPORTS}/{batch_id}/rows", params=params)
        found += response.json()["items"]
    return found[:limit]


def open_rows_table(rows: Sequence[Mapping[str, Any]], total: int) -> Table:
    """Which rows need a person, why, and what is suggested."""
    shown = f"the first {len(rows)} of {total:,} rows" if total > len(rows) else "rows"
    table = Table(title=f"{shown} that need a person", title_justify="left")
    for name in ("row", "result", "code", "column", "value", "suggestion"):
        table.add_column(name)
    for row in rows:
        for issue in faults(row):
            cells = (str(row["row_no"]), row["result"], issue["code"])
            texts = (issue["column"], issue["value"], suggestion(issue))
            table.add_row(*cells, *(escape(text or "") for text in texts))
    return table


def faults(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The issues for which a row waits or is rejected."""
    return [issue for issue in row["issues"] if issue["severity"] in {"held", "rejected"}]


def suggestion(issue: Mapping[str, Any]) -> str | None:
    """What may be meant: the likeliest candidate, or what the issue itself suggests."""
    likely = issue.get("candidates") or []
    text: str | None = likely[0]["name"] if likely else issue["suggestion"]
    return text


async def _upload(user: SignedIn, order: ImportOrder) -> dict[str, Any]:
    with order.file.open("rb") as content:
        response = await user.request(
            "POST",
            IMPORTS,
            file=FilePart("file", order.file.name, content, "text/csv"),
            form={"mode": order.mode} | ({"court_id": order.court} if order.court else {}),
            headers={"Idempotency-Key": str(uuid7())},
        )
    batch: dict[str, Any] = response.json()
    return batch


async def _watch(
    user: SignedIn, batch: dict[str, Any], order: ImportOrder, console: Console
) -> dict[str, Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task(str(batch["state"]), total=None)
        while True:
            response = await user.request("GET", f"{IMPORTS}/{batch['id']}")
            batch = response.json()
            done, total = batch["progress"]["done"], batch["progress"]["total"]
            progress.update(
                task, description=str(batch["state"]), completed=done, total=total or None
            )
            if batch["state"] in FINAL[order.mode]:
                return batch
            await asyncio.sleep(POLL_SECONDS)


async def _issues(user: SignedIn, batch_id: str) -> tuple[Counter[tuple[str, str]], bool]:
    """How often each (severity, code) occurs, and whether that counts all of them."""
    found: Counter[tuple[str, str]] = Counter()
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        params = {"limit": PAGE} | ({"cursor": cursor} if cursor else {})
        response = await user.request("GET", f"{IMPORTS}/{batch_id}/issues", params=params)
        page = response.json()
        found.update((issue["severity"], issue["code"]) for issue in page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return found, True
    return found, False


def counts_table(batch: dict[str, Any]) -> Table:
    """What became of the rows; the results add up to the rows read."""
    counts: dict[str, int] = batch["counts"]
    table = Table(title=str(batch["filename"]), title_justify="left")
    for name in counts:
        table.add_column(name.replace("_", " "), justify="right")
    table.add_row(*(f"{number:,}" for number in counts.values()))
    return table


def issues_table(issues: Counter[tuple[str, str]], *, complete: bool) -> Table:
    """The issues by severity and code."""
    title = "issues" if complete else f"the first {PAGE * MAX_PAGES:,} issues"
    table = Table(title=title, title_justify="left")
    table.add_column("severity")
    table.add_column("code")
    table.add_column("rows", justify="right")
    for (severity, code), number in sorted(issues.items()):
        table.add_row(severity, code, f"{number:,}")
    return table


def _concluded(batch: dict[str, Any], console: Console) -> Outcome:
    console.print(f"batch {batch['id']}: {batch['state']}", soft_wrap=True)
    if batch["state"] == "failed":
        error = batch["error"] or {"code": "unknown", "message": "see core's log"}
        reason = f"it failed: {error['message']} ({error['code']})"
        console.print(reason, style="red", markup=False, soft_wrap=True)
        return Outcome.FAILED
    counts = batch["counts"]
    is_open = counts.get("held") or counts.get("rejected")
    return Outcome.NEEDS_PERSON if is_open else Outcome.DONE

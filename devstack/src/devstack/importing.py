"""`masijala import`: sends a returns file in through the gateway and shows what became of it."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from stamina.instrumentation import set_on_retry_hooks

from common.http_client import FilePart, ServiceClient
from common.ids import uuid7
from devstack.accounts import SignedIn, find_password, gateway_address
from devstack.errors import StackError
from devstack.settings import DevstackSettings

IMPORTS: Final = "/api/v1/imports"
UPLOAD_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.3
# The states in which nothing moves any more, by mode.
FINAL: Final = {
    "apply": frozenset({"applied", "partial", "failed", "reverted"}),
    "validate": frozenset({"validated", "failed"}),
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

    @classmethod
    def prepare(
        cls, settings: DevstackSettings, *, file: Path, url: str | None, email: str, mode: str
    ) -> Self:
        """Fill in the running stack's address and the password. Raises StackError."""
        if mode not in FINAL:
            raise StackError(f"--mode {mode}: use one of {', '.join(FINAL)}")
        address = url or gateway_address(settings)
        return cls(file, address, email, find_password(settings, email), mode)


async def import_return(order: ImportOrder, console: Console) -> bool:
    """Send it, watch it, print the counts; whether it succeeded. Raises StackError."""
    set_on_retry_hooks(())  # a retry is no news for who watches a progress bar
    client = ServiceClient(order.url, timeout_seconds=UPLOAD_SECONDS)
    try:
        return await send_and_watch(client, order, console)
    finally:
        await client.aclose()


async def send_and_watch(client: ServiceClient, order: ImportOrder, console: Console) -> bool:
    """What `import_return` does, over a given client."""
    user = SignedIn(client, order.email, order.password)
    batch = await _upload(user, order)
    batch = await _watch(user, batch, order, console)
    console.print(counts_table(batch))
    issues, complete = await _issues(user, str(batch["id"]))
    if issues:
        console.print(issues_table(issues, complete=complete))
    return _concluded(batch, console)


async def _upload(user: SignedIn, order: ImportOrder) -> dict[str, Any]:
    with order.file.open("rb") as content:
        response = await user.request(
            "POST",
            IMPORTS,
            file=FilePart("file", order.file.name, content, "text/csv"),
            form={"mode": order.mode},
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


def _concluded(batch: dict[str, Any], console: Console) -> bool:
    console.print(f"batch {batch['id']}: {batch['state']}", soft_wrap=True)
    if batch["state"] == "failed":
        console.print(f"it failed: {batch['error']}", style="red", markup=False, soft_wrap=True)
        return False
    return True

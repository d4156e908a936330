"""What `make run` shows when everything is ready: addresses, sign-ins, a first import."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from devstack.stack import DEMO_ACCOUNTS, DEMO_DOMAIN, Stack

SAMPLE: Final = files("devstack") / "samples" / "return-testville.csv"


def print_banner(stack: Stack, seconds: float, console: Console) -> None:
    """The panel, and below it lines to copy, which no width of a terminal breaks."""
    title = f"Masijala is ready ({seconds:.1f} s)"
    console.print(Panel(_addresses(stack), title=title, title_align="left", expand=False))
    if stack.settings.demo:
        for line in _first_import(stack):
            console.print(line, soft_wrap=True, markup=False)
    console.print("Ctrl-C stops it; the data stays.")


def _addresses(stack: Stack) -> Table:
    table = Table.grid(padding=(0, 2))
    rows = [("Console", f"{stack.base_url}/")] if stack.wiring.console else []
    rows += [
        ("API", f"{stack.base_url}/api/v1"),
        ("Documentation", f"{stack.base_url}/docs"),
        ("Health", f"{stack.base_url}/readyz"),
        ("Logs", _short(stack.home.logs)),
    ]
    if stack.wiring.writes_mail:
        rows.append(("Mail", _short(stack.home.mail)))
    if stack.settings.demo:
        accounts = "\n".join(f"{name}@{DEMO_DOMAIN}" for name in DEMO_ACCOUNTS)
        rows += [("Demo sign-ins", accounts), ("Password", stack.password)]
    for name, value in rows:
        table.add_row(Text(name, style="bold"), Text(value))
    return table


def _short(path: Path) -> str:
    """As seen from the current folder, when it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _first_import(stack: Stack) -> list[str]:
    with as_file(SAMPLE) as sample:
        path = _short(sample)
    login = (
        f"TOKEN=$(curl -s {stack.base_url}/api/v1/auth/login -H 'Content-Type: application/json' "
        f'-d \'{{"email":"clerk@{DEMO_DOMAIN}","password":"{stack.password}"}}\' '
        "| python3 -c 'import json,sys; print(json.load(sys.stdin)[\"access_token\"])')"
    )
    upload = (
        f"curl -s {stack.base_url}/api/v1/imports "
        f'-H "Authorization: Bearer $TOKEN" -F mode=apply -F file=@{path}'
    )
    return ["Import the sample return:", login, upload]

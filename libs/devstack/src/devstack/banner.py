"""What `make run` shows when everything is ready: addresses, sign-ins, a first import."""

from importlib.resources import as_file, files
from typing import Final

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from devstack.stack import DEMO_ACCOUNTS, DEMO_DOMAIN, Stack

SAMPLE: Final = files("devstack") / "samples" / "return-testville.csv"


def banner(stack: Stack, seconds: float) -> RenderableType:
    """The panel, and below it lines to copy, unbroken by the frame."""
    title = f"Masijala is ready ({seconds:.1f} s)"
    panel = Panel(_addresses(stack), title=title, title_align="left", expand=False)
    if not stack.settings.demo:
        return Group(panel, _line("Ctrl-C stops it; the data stays."))
    return Group(panel, *_first_import(stack), _line("Ctrl-C stops it; the data stays."))


def _addresses(stack: Stack) -> Table:
    table = Table.grid(padding=(0, 2))
    rows = [
        ("API", f"{stack.base_url}/api/v1"),
        ("Documentation", f"{stack.base_url}/docs"),
        ("Health", f"{stack.base_url}/readyz"),
        ("Logs", str(stack.home.logs)),
    ]
    if stack.settings.demo:
        accounts = ", ".join(f"{name}@{DEMO_DOMAIN}" for name in DEMO_ACCOUNTS)
        rows += [("Demo sign-ins", accounts), ("Password", stack.password)]
    for name, value in rows:
        table.add_row(Text(name, style="bold"), Text(value))
    return table


def _first_import(stack: Stack) -> list[Text]:
    with as_file(SAMPLE) as sample:
        path = str(sample)
    login = (
        f"TOKEN=$(curl -s {stack.base_url}/api/v1/auth/login -H 'Content-Type: application/json' "
        f'-d \'{{"email":"clerk@{DEMO_DOMAIN}","password":"{stack.password}"}}\' '
        "| python3 -c 'import json,sys; print(json.load(sys.stdin)[\"access_token\"])')"
    )
    upload = (
        f"curl -s {stack.base_url}/api/v1/imports "
        f'-H "Authorization: Bearer $TOKEN" -F mode=apply -F file=@{path}'
    )
    lead = "Import the sample return, here or with `masijala import`:"
    return [_line(lead), _line(login), _line(upload)]


def _line(text: str) -> Text:
    # No wrapping: a line that the terminal breaks can still be copied whole.
    return Text(text, no_wrap=True, overflow="ignore")

"""`masijala report`: prints a station's month, and writes it as a workbook."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from devstack.accounts import SignedIn
from devstack.errors import StackError
from devstack.importing import court_id

REPORTS: Final = "/api/v1/reports/monthly"
RATIO: Final = {"numerator", "denominator", "value"}
NOT_VALUES: Final = frozenset({"group", "cases_url"})
Body = Mapping[str, Any]


async def print_report(
    user: SignedIn, court: str, month: str, out: Path | None, console: Console
) -> None:
    """Print the figures of a court's month, and write the workbook. Raises StackError."""
    params = {"court": str(await court_id(user, court)), "month": month}
    report = (await user.request("GET", REPORTS, params=params)).json()
    console.print(f"{report['court']['name']}, {month}", style="bold", markup=False)
    console.print(_status(report), markup=False, soft_wrap=True)
    for name, figure in report["figures"].items():
        console.print(figure_table(name, figure))
    if report["last_month"]:
        console.print(restatement_table(report["last_month"]))
    if out is not None:
        workbook = await user.request("GET", REPORTS, params={**params, "format": "xlsx"})
        _write(out, workbook.content)
        console.print(f"written: {out}", markup=False, soft_wrap=True)


def figure_table(name: str, figure: Body) -> Table:
    """One figure: a row for each value, a column for each group and one for all."""
    table = Table(title=name.replace("_", " "), title_justify="left")
    table.add_column("")
    lines = [*((_label(item["group"]), item) for item in figure["items"])]
    lines.append(("all", figure["totals"]))
    for label, _ in lines:
        table.add_column(escape(label), justify="right", overflow="fold")
    columns = [dict(_flat(line)) for _, line in lines]
    for value in columns[-1]:
        table.add_row(value.replace("_", " "), *(_shown(column.get(value)) for column in columns))
    return table


def restatement_table(last_month: Body) -> Table:
    """What has changed of last month since it was published, with the cases."""
    published = last_month["published"]
    table = Table(title=f"{published['month']} by what is known now", title_justify="left")
    for name in ("figure", "group", "value", "published", "now", "cases"):
        table.add_column(name)
    for changed in last_month["changes"]:
        for value in changed["values"]:
            cases = ", ".join(
                f"{each['change']:+} {each['number']}"
                for each in changed["cases"] or ()
                if each["column"] == value["name"]
            )
            label = _label(changed["group"]) if changed["group"] else "all"
            numbers = (_shown(value["published"]), _shown(value["now"]))
            table.add_row(changed["figure"], escape(label), value["name"], *numbers, escape(cases))
    if not last_month["changes"]:
        table.add_row("nothing has changed")
    return table


def _status(report: Body) -> str:
    published = report["published"]
    state = f"published on {published['published_at'][:10]}" if published else "not published"
    return f"as known on {report['known_on']}; {state}"


def _label(group: Body) -> str:
    named = [group.get(name) for name in ("category", "case_type", "judge")]
    return ", ".join(each["name"] or "no judge" for each in named if each) or "the court"


def _flat(values: Body, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict) and set(value) == RATIO:
            rate = "" if value["value"] is None else f" = {value['value']:,} %"
            yield f"{prefix}{name}", f"{value['numerator']:,} / {value['denominator']:,}{rate}"
        elif isinstance(value, dict) and name not in NOT_VALUES:
            yield from _flat(value, f"{prefix}{name}: ")
        elif name not in NOT_VALUES and not isinstance(value, list | dict):
            yield f"{prefix}{name}", value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | float) else escape(str(value))


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StackError(f"--out {path}: {error.strerror}") from error

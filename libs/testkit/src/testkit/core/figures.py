"""Random histories, and the figures over them."""

from datetime import date, timedelta
from http import HTTPStatus
from random import Random
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from common.composition import Container, Units
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.cases.visibility import ALL
from core_service.metrics.frame import Figure
from core_service.metrics.questions import SettledQuery
from core_service.metrics.service import Answer, FigureService
from core_service.sources import SYSTEM_ITSELF
from testkit.core.api import Api
from testkit.core.registry import (
    DEMOVILLE,
    TESTVILLE,
    case_type,
    content,
    filing,
)

SIGNS: Final = {
    "begin_active": 1,
    "new": 1,
    "reopened": 1,
    "reactivated": 1,
    "transfer_in": 1,
    "disposed": -1,
    "reopened_disposed": -1,
    "inactivated": -1,
    "transfer_out": -1,
}
COLUMNS: Final = [*SIGNS, "end_active", "end_inactive"]
STEPS: Final = [
    ("Mention", "Mention Date Given"),
    ("Hearing", "Adjourned"),
    ("Judgment", "Judgment Delivered"),
    ("Mention", "Stood Over Generally"),
    ("Re-activation", "Re-activation"),
    ("Mention", "File Transferred"),
    ("Ruling", "Struck Out"),
]
BEGIN: Final = date(2025, 1, 6)


async def history(core: Units, chance: Random, cases: int, prefix: str = "") -> None:
    """Cases at two courts with a handful of activities each, whatever they add up to."""
    async with core.database.transaction() as session:
        activities = core.container(session).get(ActivityService)
        for number in range(cases):
            filed_on = BEGIN + timedelta(days=chance.randrange(400))
            case = filing(
                court_id=chance.choice([TESTVILLE, DEMOVILLE]),
                number=f"{prefix}{number + 1}",
                filed_on=filed_on,
                case_type_id=case_type(chance.choice(["CIVSUIT", "MUR"])),
            )
            on = filed_on
            steps = [("Registration/Filing", "Case Registered/Filed")]
            for step in [*steps, *chance.choices(STEPS, k=chance.randrange(5))]:
                record = ActivityRecord(case, content(on, *step), SYSTEM_ITSELF)
                await activities.record(record, SYSTEM)
                on += timedelta(days=chance.randrange(1, 60))


def balances(columns: dict[str, Any]) -> bool:
    """Whether the cases at the end are those of the beginning and what came and went."""
    return bool(columns["end_active"] == sum(sign * columns[name] for name, sign in SIGNS.items()))


async def metric(api: Api, name: str, **params: Any) -> dict[str, Any]:
    """A figure that can be read."""
    answer = await api.get(f"/metrics/{name}", **params)
    if answer.status_code != HTTPStatus.OK:
        raise AssertionError(answer.text)
    figure: dict[str, Any] = answer.json()
    return figure


async def count(view: Container, figure: Figure, query: SettledQuery) -> Answer:
    """An answer for those who see all, counted now."""
    service = view.get(FigureService)
    answer = await service.count(await service.begin(figure, query, ALL))
    if answer is None:
        raise AssertionError("it was not counted to its end")
    return answer


async def listed(api: Api, url: str, column: str) -> list[dict[str, Any]]:
    """Every entry of the list behind a column, page by page."""
    params = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    params |= {"column": column, "limit": "3"}
    path = urlsplit(url).path.removeprefix("/api/v1")
    items: list[dict[str, Any]] = []
    while True:
        page = (await api.get(path, **params)).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        params["cursor"] = page["next_cursor"]

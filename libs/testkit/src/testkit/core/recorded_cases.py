"""Cases recorded in a few words, and the totals of their figures."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from common.composition import Units
from core_service.access.actors import SYSTEM
from core_service.activities.records import ActivityRecord
from core_service.activities.service import ActivityService
from core_service.sources import SYSTEM_ITSELF
from testkit.core.api import Api
from testkit.core.figures import metric
from testkit.core.registry import case_type, content, filing

WORDS: Final = {
    "inactive": ("Mention", "Stood Over Generally"),
    "active": ("Re-activation", "Re-activation"),
    "disposed": ("Judgment", "Judgment Delivered"),
    "ruled": ("Ruling", "Ruling Delivered"),
    "mentioned": ("Mention", "Hearing Date Given"),
    "adjourned": ("Hearing", "Adjourned"),
    "reserved": ("Hearing", "Judgment Date Given"),
}
Step = tuple[str, str] | tuple[str, str, Mapping[str, Any]]


async def record(core: Units, number: str, code: str, filed: str, *steps: Step) -> None:
    """A case and what happened to it: day, word and what else was noted."""
    case = filing(number=number, filed_on=date.fromisoformat(filed), case_type_id=case_type(code))
    registered = content(case.filed_on, "Registration/Filing", "Case Registered/Filed")
    contents = [registered]
    for day, word, *more in steps:
        noted: dict[str, Any] = dict(more[0]) if more else {}
        if "next_on" in noted:
            noted["next_on"] = date.fromisoformat(noted["next_on"])
        contents.append(content(date.fromisoformat(day), *WORDS[word], **noted))
    async with core.database.transaction() as session:
        activities = core.container(session).get(ActivityService)
        for each in contents:
            await activities.record(ActivityRecord(case, each, SYSTEM_ITSELF), SYSTEM)


async def totals(admin: Api, name: str, period: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = (await metric(admin, name, **period))["totals"]
    found.pop("cases_url")
    return found

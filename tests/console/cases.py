"""Cases with a hearing today, made by the API for tests of pages."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

# The day at the courts, which from 21:00 UTC on is the next one.
TODAY = datetime.now(ZoneInfo("Africa/Nairobi")).date()


def first(api: httpx.Client, path: str, **wanted: str) -> dict[str, Any]:
    """The first of some reference data; `wanted` are members that it has."""
    items: list[dict[str, Any]] = api.get(path, params={"limit": 200}).json()["items"]
    return next(each for each in items if wanted.items() <= each.items())


def register(api: httpx.Client, **more: Any) -> dict[str, Any]:
    """A case at Testville, with the next free number."""
    court = first(api, "/courts", name="Testville")
    case_type = first(api, "/case-types")
    body = {"court_id": court["id"], "case_type_id": case_type["id"], "caseid_type": "HCCC"}
    filed = {"filed_on": f"{TODAY - timedelta(days=60)}"}
    answer = api.post("/cases", json=body | filed | more, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def record(api: httpx.Client, case: dict[str, Any], outcome: str, **more: Any) -> None:
    """A mention with this outcome, today if no day is given."""
    body = {
        "case_id": case["id"],
        "activity_on": f"{TODAY}",
        "activity_type_id": first(api, "/activity-types", label="Mention")["id"],
        "outcome_id": first(api, "/outcomes", label=outcome)["id"],
    }
    answer = api.post("/activities", json=body | more, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text


def listed_today(api: httpx.Client) -> dict[str, Any]:
    """A case whose hearing is on today's cause list."""
    case = register(api)
    before = f"{TODAY - timedelta(days=14)}"
    record(api, case, "Mention Date Given", activity_on=before, next_on=f"{TODAY}")
    return case

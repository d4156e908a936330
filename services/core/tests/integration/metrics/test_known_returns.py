"""The quality of returns as it was known: rows are judged again, repaired and recorded later."""

from typing import Any, Final

from common.clock import FrozenClock
from common.composition import Units
from testkit.core.api import Api
from testkit.core.figures import listed, metric
from testkit.core.returns import ReturnsClient

DAY: Final = {"from": "2026-06-01", "to": "2026-06-01"}
COLUMNS: Final = ("recorded", "recorded_with_faults")


async def known(api: Api, at: str) -> tuple[Any, ...]:
    """Rows without a fault, all rows, and what was recorded, with the lists of it."""
    found = await metric(api, "quality", **DAY, known_on=at)
    totals = found["totals"]
    lists = [await listed(api, totals["cases_url"], name) for name in COLUMNS]
    assert [len(each) for each in lists] == [totals[name] for name in COLUMNS]
    assert [line["faultless"] for line in found["items"]] == [totals["faultless"]]
    rate = totals["faultless"]
    return rate["numerator"], rate["denominator"], lists


async def test_quality_is_as_it_was_known_after_rows_were_repaired_and_recorded(
    core: Units, admin: Api, clock: FrozenClock
) -> None:
    client, before = ReturnsClient(core, admin), clock.now().isoformat()
    clock.advance(seconds=10)
    batch = await client.bring(
        {},
        {"caseid_no": "E2", "outcome": "Unheard Of"},  # waits
        {"caseid_no": "E3", "date_dd": "31"},  # no such day
    )
    sent = clock.now().isoformat()
    at_first = await known(admin, sent)
    assert (*at_first[:2], len(at_first[2][0])) == (1, 2, 1), "a rejected row is of no court"
    assert (await metric(admin, "quality", **DAY, known_on=before))["items"] == []

    clock.advance(minutes=5)
    path = f"/imports/{batch['id']}/rows"
    version = {"If-Match": '"1"'}
    cells = {"date_dd": "28", "court": "Demoville"}
    repaired = await admin.call("PATCH", f"{path}/3", json=cells, headers=version)
    assert repaired.status_code == 200, repaired.text
    second = clock.now().isoformat()
    clock.advance(minutes=5)
    repaired = await admin.call("PATCH", f"{path}/2", json={"outcome": ""}, headers=version)
    assert repaired.status_code == 200, repaired.text

    now = (await metric(admin, "quality", **DAY))["totals"]
    assert (now["faultless"]["numerator"], now["recorded"]) != (1, 1), "something has changed"
    assert await known(admin, sent) == at_first
    assert (await metric(admin, "quality", **DAY, known_on=second))["totals"]["recorded"] == 2

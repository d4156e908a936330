"""A court system far from Nairobi: its days are those that `CORE_TIMEZONE` says."""

import io
from datetime import UTC, datetime
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest

from common.clock import FrozenClock
from common.composition import Units
from core_service.settings import CoreSettings
from testkit.core.api import Api
from testkit.core.registry import TESTVILLE, activity_body, case_body
from testkit.core.returns import ReturnsClient, as_csv
from testkit.core.settings import make_settings

# Half an hour after midnight in Auckland, where it is twelve hours later than UTC.
AFTER_MIDNIGHT = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


@pytest.fixture
def settings(service_url: str) -> CoreSettings:
    return make_settings(service_url).model_copy(update={"timezone": "Pacific/Auckland"})


@pytest.fixture(autouse=True)
def after_midnight(clock: FrozenClock) -> None:
    clock.at = AFTER_MIDNIGHT


def sheets(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture
async def case(clerk: Api) -> dict[str, Any]:
    answer = await clerk.post("/cases", case_body(number="E14"))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_clients_learn_the_zone_and_its_day_without_a_sign_in(api: Api) -> None:
    answer = await api.get("/court-calendar")
    assert answer.json() == {"timezone": "Pacific/Auckland", "today": "2026-06-02"}


async def test_a_case_was_deleted_on_the_courts_day(
    admin: Api, clerk: Api, case: dict[str, Any]
) -> None:
    assert (await admin.delete(f"/cases/{case['id']}", version=1, reason="Twice")).is_success
    taken = await clerk.post("/cases", case_body(number="E14"))
    assert "was deleted on 2026-06-02;" in taken.json()["detail"]


async def test_a_file_was_sent_on_the_courts_day(core: Units, clerk: Api) -> None:
    returns = ReturnsClient(core, clerk)
    await returns.bring_file(as_csv([{}]))
    again = await returns.send(as_csv([{}]))
    assert again.json()["detail"].startswith("The same file was sent on 2026-06-02 as")


async def test_a_file_that_failed_before_was_sent_on_the_courts_day(
    core: Units, clerk: Api
) -> None:
    returns = ReturnsClient(core, clerk)
    useless = b"no,such,columns\r\n1,2,3\r\n"
    await returns.work((await returns.send(useless)).json()["id"])
    again = await returns.work((await returns.send(useless)).json()["id"])
    issues = await clerk.get(f"/imports/{again['id']}/issues")
    messages = [each["message"] for each in issues.json()["items"]]
    assert any("The same file was sent on 2026-06-02 as" in each for each in messages)


async def test_a_workbook_has_times_of_the_courts(clerk: Api, case: dict[str, Any]) -> None:
    sent = activity_body(case["id"], "2026-06-02", "Mention", "Mention Date Given")
    assert (await clerk.post("/activities", sent)).is_success
    exported = await clerk.get("/exports/activities", format="xlsx")
    heading, row = sheets(exported.content).active.iter_rows(values_only=True)
    recorded = dict(zip(heading, row, strict=True))["recorded_at"]
    assert recorded == datetime(2026, 6, 2, 0, 30)  # noqa: DTZ001 - a cell has none


async def test_a_report_names_the_courts_zone(clerk: Api) -> None:
    wanted = {"court": str(TESTVILLE), "month": "2026-05", "format": "xlsx"}
    answer = await clerk.get("/reports/monthly", **wanted)
    about = sheets(answer.content).worksheets[0]["A2"].value
    assert about.startswith("May 2026, as known on 2026-06-02 00:30 NZST;")

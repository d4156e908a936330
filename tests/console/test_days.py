"""Days of the console are the courts', in the time zone that the API names, not the device's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from console.cases import TODAY
from console.visiting import Visit
from playwright.sync_api import Route, expect

Visiting = Callable[..., Visit]
CALENDAR = "**/api/v1/court-calendar"
# At any time one of them has another day than Nairobi.
FAR = ("Pacific/Kiritimati", "Pacific/Pago_Pago")


def elsewhere() -> str:
    """A zone in which it will be another day than in Nairobi for some minutes."""
    in_a_while = datetime.now(ZoneInfo("Africa/Nairobi")) + timedelta(minutes=10)
    return next(
        each for each in FAR if in_a_while.astimezone(ZoneInfo(each)).date() != in_a_while.date()
    )


def test_today_is_the_day_of_the_courts_wherever_the_device_is(visit: Visiting) -> None:
    clerk = visit("clerk", "/today", timezone_id=elsewhere())
    expect(clerk.page.get_by_label("Day")).to_have_value(f"{TODAY}")


def test_a_court_system_in_another_zone_has_its_own_day(visit: Visiting) -> None:
    clerk = visit("clerk", "/today", timezone_id="Africa/Nairobi")
    zone = elsewhere()
    day = datetime.now(ZoneInfo(zone)).date()
    answer = {"timezone": zone, "today": f"{day}"}
    clerk.context.route(CALENDAR, lambda route: route.fulfill(json=answer))
    clerk.page.reload()
    expect(clerk.page.get_by_label("Day")).to_have_value(f"{day}")


def test_while_core_is_unavailable_the_zone_of_the_last_visit_serves(visit: Visiting) -> None:
    clerk = visit("clerk", "/today")
    clerk.context.route(CALENDAR, unavailable)
    clerk.page.reload()
    expect(clerk.page.get_by_label("Day")).to_have_value(f"{TODAY}")

    clerk.page.evaluate("localStorage.clear()")
    clerk.page.reload()
    retry = clerk.page.get_by_role("alert").get_by_role("button")
    expect(retry).to_be_visible()
    assert clerk.violations() == []
    clerk.context.unroute(CALENDAR)
    retry.click()
    expect(clerk.page.get_by_label("Day")).to_have_value(f"{TODAY}")


def unavailable(route: Route) -> None:
    route.fulfill(status=503, json={"code": "unavailable", "title": "Unavailable"})

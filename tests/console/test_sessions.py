"""One session in all tabs of a browser, as long as it lives."""

from collections.abc import Callable

import httpx
from console.visiting import Visit
from playwright.sync_api import Response, expect

from devstack.stack import Stack

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]
VIEWER = "viewer@masijala.example"
MINUTES = 30
MINUTES_OF_A_TOKEN = 10


def make_tokens_stale(admin: httpx.Client) -> None:
    """A grant that changes makes every token of its user stale."""
    user = admin.get("/users", params={"q": VIEWER}).json()["items"][0]
    court = admin.get("/courts").json()["items"][0]["id"]
    made = admin.post(f"/users/{user['id']}/grants", json={"role": "viewer", "courts": [court]})
    assert made.status_code == 201, made.text


def read(response: Response) -> bool:
    """Whether it is a list of cases, with a token that is accepted."""
    return "/api/v1/cases" in response.url and response.ok


def test_a_token_that_is_refused_is_exchanged_unnoticed_and_once_for_all_tabs(
    visit: Visiting, api: Api
) -> None:
    viewer = visit("viewer")
    tabs = [viewer.page, viewer.another_tab("/find")]
    expect(tabs[1].get_by_role("heading", level=1)).to_have_text("Find")
    refreshes: list[str] = []
    viewer.context.on("requestfinished", lambda request: refreshes.append(request.url))
    make_tokens_stale(api("admin"))

    with tabs[0].expect_response(read), tabs[1].expect_response(read):
        tabs[0].get_by_label("Pages").get_by_text("Find").click()
        tabs[1].get_by_label("Status").select_option("pending")
    for tab in tabs:
        expect(tab.get_by_role("heading", level=1)).to_have_text("Find")
        expect(tab.get_by_role("alert")).to_have_count(0)
    assert len([url for url in refreshes if url.endswith("/auth/refresh")]) == 1


def test_two_tabs_work_for_half_an_hour_with_one_refresh_for_each_token(visit: Visiting) -> None:
    viewer = visit("viewer", "/find")
    viewer.context.clock.install()
    viewer.page.reload()
    tabs = [viewer.page, viewer.another_tab("/find")]
    for tab in tabs:
        expect(tab.get_by_label("Status")).to_have_value("")
    answers: list[tuple[str, int]] = []
    viewer.context.on("response", lambda each: answers.append((each.url, each.status)))

    for minute in range(MINUTES):
        viewer.context.clock.fast_forward("01:00")
        # Both at once: neither waits for what the other is answered.
        with tabs[0].expect_response("**/cases?*"), tabs[1].expect_response("**/cases?*"):
            for tab in tabs:
                tab.get_by_label("Status").select_option(("pending", "disposed")[minute % 2])

    for tab in tabs:
        expect(tab.get_by_role("heading", level=1)).to_have_text("Find")
    assert {status for _, status in answers} == {200}
    refreshes = [url for url, _ in answers if url.endswith("/auth/refresh")]
    assert len(refreshes) == MINUTES // MINUTES_OF_A_TOKEN


def test_a_sign_out_in_one_tab_ends_all_even_with_a_token_that_is_refused(
    visit: Visiting, api: Api
) -> None:
    viewer = visit("viewer")
    other = viewer.another_tab("/find")
    make_tokens_stale(api("admin"))
    other.get_by_role("button", name="Sign out").click()
    for page in (other, viewer.page):
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_tab_that_cannot_reach_auth_ends_no_session(visit: Visiting) -> None:
    viewer = visit("viewer", "/find")
    viewer.context.route("**/auth/refresh", lambda route: route.abort())
    other = viewer.another_tab("/find")
    expect(other.get_by_role("alert")).to_contain_text("No connection")
    expect(viewer.page.get_by_role("heading", level=1)).to_have_text("Find")

    viewer.context.unroute("**/auth/refresh")
    other.get_by_role("button", name="Try again").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Find")


def test_a_revoked_session_leads_to_the_sign_in_and_back(
    visit: Visiting, api: Api, stack: Stack
) -> None:
    viewer = visit("viewer", "/find")
    user = api("admin").get("/users", params={"q": VIEWER}).json()["items"][0]
    ended = api("admin").delete(f"/users/{user['id']}/sessions")
    assert ended.status_code == 204, ended.text

    viewer.page.get_by_label("Status").select_option("disposed")
    expect(viewer.page.get_by_role("heading", name="Sign in")).to_be_visible()
    viewer.sign_in(VIEWER, stack.password)
    expect(viewer.page.get_by_label("Status")).to_have_value("disposed")

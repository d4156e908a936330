"""Swahili: no text of the console is left in English on any page."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
from console.cases import TODAY, listed_today
from console.visiting import FRONTEND, Visit
from playwright.sync_api import Page, expect

import devstack

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]
SAMPLE = Path(devstack.__file__).parent / "samples" / "return-testville.csv"
# What the API says of a case and of a row is English, and so are the names of reference data.
OF_THE_API = {"Filed", "February 2025 has 28 days"}
REFERENCE_DATA = ("/outcomes", "/activity-types", "/adjournment-reasons", "/case-types")
VALUE = re.compile(r"\\\{\\\{\w+\\\}\\\}")
LETTERS = re.compile(r"[A-Za-z]{2}")
# Every text that is shown, and those that readers speak. What is marked as English is of the API.
TEXTS = """() => {
  const found = [document.title];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const {data, parentElement} = nodes.currentNode;
    if (!parentElement.closest("script, style, body [lang=en]")) found.push(data);
  }
  for (const each of document.querySelectorAll("[aria-label], [placeholder], [title]")) {
    found.push(each.ariaLabel, each.getAttribute("placeholder"), each.title);
  }
  return found.filter(Boolean).map((text) => text.trim());
}"""


def catalogue(language: str) -> set[str]:
    def values(texts: dict[str, Any]) -> Iterator[str]:
        for each in texts.values():
            yield from values(each) if isinstance(each, dict) else (each,)

    files = FRONTEND.glob(f"src/*/{language}.json")
    return {text for file in files for text in values(json.loads(file.read_text()))}


def english_alone() -> re.Pattern[str]:
    """Any text of the English catalogue that is not one of the Swahili too."""
    patterns = [VALUE.sub(".+", re.escape(text)) for text in catalogue("en") - catalogue("sw")]
    return re.compile("|".join(each for each in patterns if LETTERS.search(each.replace(".+", ""))))


def test_every_page_speaks_swahili_alone(visit: Visiting, api: Api) -> None:
    case = listed_today(api("clerk"))
    file = {"file": ("sw.csv", SAMPLE.read_bytes() + b"\n")}
    sent = api("clerk").post("/imports", files=file, data={"mode": "validate"})
    user = api("admin").get("/users").json()["items"][0]["id"]
    admin = visit("admin", "/account")
    page = admin.page
    page.get_by_label("Language").select_option("sw")
    expect(page.locator("html")).to_have_attribute("lang", "sw")
    english = english_alone()
    left: set[tuple[str, str]] = set()
    for path in (
        "/account",
        f"/today?court={case['court']['id']}",
        "/find",
        "/cases/new",
        *(f"/cases/{case['id']}?tab={tab}" for tab in ("timeline", "hearings", "versions")),
        "/returns",
        f"/returns/{sent.json()['id']}",
        f"/figures?period={TODAY:%Y-%m}",
        *(f"/approvals?tab={tab}" for tab in ("proposals", "spellings", "judges", "vocabulary")),
        "/people",
        "/people/clients",
        "/people/directories",
        "/people/groups",
        "/people/changes",
        "/people/audit",
        f"/people/{user}",
    ):
        page.goto(admin.url + path)
        left |= {(path, text) for text in shown(page) if english.fullmatch(text)}
    page.get_by_role("banner").get_by_role("button").last.click()
    page.get_by_role("main").wait_for()
    left |= {("sign-in", text) for text in shown(page) if english.fullmatch(text)}
    named = OF_THE_API | names(api("admin"))
    assert {(path, text) for path, text in left if text not in named} == set()


def names(client: httpx.Client) -> set[str]:
    lists = [client.get(path, params={"limit": 200}).json()["items"] for path in REFERENCE_DATA]
    return {each.get("label") or each["name"] for items in lists for each in items}


def shown(page: Page) -> list[str]:
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    texts: list[str] = page.evaluate(TEXTS)
    return texts

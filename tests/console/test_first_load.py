"""How much a browser fetches before its first page can be used, on a slow line above all."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest
from console.cases import TODAY, listed_today, register
from console.visiting import FRONTEND, Visit
from playwright.sync_api import expect

from devstack.stack import Stack

Visiting = Callable[..., Visit]
Api = Callable[[str], httpx.Client]

# Charts come later, with the page that has them.
MOST_BYTES: Final = 250_000
# What Mantine calls the parts of its components.
CLASS: Final = re.compile(r"\bm_[0-9a-f]{5,8}\b")
ASSETS: Final = """() => performance.getEntriesByType('resource').map((each) => each.name)
  .filter((name) => name.includes('/assets/'))"""


def fetched(visit: Visit) -> set[str]:
    """The assets that the page has fetched since it was opened."""
    addresses: list[str] = visit.page.evaluate(ASSETS)
    return {urlsplit(each).path for each in addresses}


@pytest.mark.parametrize("language", ["en-GB", "sw-KE"])
def test_a_clerk_has_the_cause_list_after_250_kilobytes_in_either_encoding(
    visit: Visiting, api: Api, stack: Stack, language: str
) -> None:
    case = listed_today(api("clerk"))
    path = f"/today?court={case['court']['id']}"
    clerk = visit(path=path, locale=language)
    page = clerk.page
    page.locator("input[type=email]").fill("clerk@masijala.example")
    page.locator("input[type=password]").fill(stack.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name=case["number"])).to_be_visible()
    page.wait_for_load_state("networkidle")
    first = fetched(clerk)
    for suffix in (".br", ".gz"):
        assert 100_000 < compressed_bytes(stack, first, suffix) <= MOST_BYTES


def test_charts_come_with_their_page_alone(visit: Visiting, api: Api, stack: Stack) -> None:
    register(api("clerk"), filed_on=f"{TODAY}")
    admin = visit("admin", "/today")
    admin.page.wait_for_load_state("networkidle")
    first = fetched(admin)
    admin.page.get_by_role("link", name="Figures").click()
    expect(admin.page.locator(".recharts-surface").first).to_be_visible()
    # What would break it: the charts alone are more than what is left.
    assert compressed_bytes(stack, first | fetched(admin), ".br") > MOST_BYTES


def test_every_component_has_its_styles(stack: Stack) -> None:
    def classes(texts: Iterable[Path]) -> set[str]:
        return {name for text in texts for name in CLASS.findall(text.read_text())}

    assets = stack.wiring.console
    assert assets is not None
    known = classes([FRONTEND / "node_modules" / "@mantine" / "core" / "styles.css"])
    named = classes(assets.glob("assets/*.js")) & known
    assert len(named) > 100
    assert named - classes(assets.glob("assets/*.css")) == set()


def compressed_bytes(stack: Stack, paths: set[str], suffix: str) -> int:
    """Of these assets, as the gateway serves them to a browser that takes this encoding."""
    folder = stack.wiring.console
    assert folder is not None
    plain = [folder / path.lstrip("/") for path in paths]
    smaller = [path.with_name(path.name + suffix) for path in plain]
    sent = [each if each.exists() else path for each, path in zip(smaller, plain, strict=True)]
    return sum(path.stat().st_size for path in sent)

"""A person at the console: one browser profile, and what it must never see."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize

FRONTEND: Final = Path(__file__).parents[2] / "frontend"
AXE: Final = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS: Final = ["color-contrast", "link-in-text-block"]
SCHEME: Final = "[data-mantine-color-scheme={}]"
# What turns as long as something loads never finishes.
# Two frames later, what the last change has set in motion has begun.
SETTLED: Final = """async () => {
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  await Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect.getTiming().iterations !== Infinity)
    .map((each) => each.finished));
}"""
DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
# The browser itself logs each answer of 4xx and 5xx, which pages expect and show.
_EXPECTED: Final = "Failed to load resource"


@dataclass
class Visit:
    """A profile and its first page; no slots, as Playwright marks the objects of its handlers.

    `elsewhere` are addresses whose own pages a test opens; what these do is not ours.
    """

    context: BrowserContext
    page: Page
    url: str
    api: str
    elsewhere: tuple[str, ...] = ()
    faults: list[str] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        browser: Browser,
        url: str,
        path: str,
        api: str | None = None,
        elsewhere: tuple[str, ...] = (),
        **options: Any,
    ) -> Self:
        """Open a page of the console, which may call another `api`; the rest is of a context."""
        options = {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"} | options
        context = browser.new_context(**options)
        visit = cls(context, context.new_page(), url, api or url, elsewhere)
        visit.watch(visit.page)
        visit.page.goto(url + path)
        return visit

    def watch(self, page: Page) -> None:
        """Note what a page does wrong."""
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._note_request)

    def another_tab(self, path: str = "/") -> Page:
        """A second page of the same profile."""
        page = self.context.new_page()
        self.watch(page)
        page.goto(self.url + path)
        return page

    def sign_in(self, email: str, password: str) -> None:
        """By the form, as a person does."""
        self.enter(email, password)
        self.page.get_by_role("banner").wait_for()

    def enter(self, email: str, password: str) -> None:
        """Send the form, wherever it leads."""
        self.page.get_by_role("heading", name="Sign in").wait_for()
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").first.fill(password)
        self.page.keyboard.press("Enter")

    def violations(self, *, of_colours: bool = False) -> list[str]:
        """What axe finds on the page as it is now: rule and elements."""
        shown = self.page
        shown.get_by_role("heading", level=1).wait_for()  # a page that is still loading has none
        if not shown.evaluate("'axe' in window"):
            shown.evaluate(AXE.read_text())
        # Colours on their way from light to dark have no contrast yet.
        shown.evaluate(SETTLED)
        rules = {"type": "rule", "values": COLOURS} if of_colours else RULES
        # Without the rest of its results, which are long.
        run = f"axe.run({{runOnly: {json.dumps(rules)}, resultTypes: ['violations']}})"
        found = shown.evaluate(f"() => {run}.then((all) => all.violations)")
        return [
            f"{each['id']}: {[(node['html'], node['failureSummary']) for node in each['nodes']]}"
            for each in found
        ]

    def violations_in_all_looks(self) -> list[str]:
        """As above: light and dark, on a wide screen and on a phone, where nothing is too wide.

        In the dark nothing differs but the colours.
        """
        found = []
        for viewport in (DESKTOP, PHONE):
            self.page.set_viewport_size(viewport)
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)
                # The page hears of it later than this call ends.
                self.page.locator(f"html{SCHEME.format(scheme)}").wait_for(state="attached")
                seen = self.violations(of_colours=scheme == "dark")
                found += [f"{scheme} {viewport['width']} {each}" for each in seen]
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        if self.page.evaluate(wide) > 0:
            found.append("the page is wider than a phone")
        return found

    def end(self) -> None:
        """Close all; a test whose pages did something wrong fails here."""
        self.context.close()
        assert self.faults == [], self.faults

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and _EXPECTED not in message.text:
            self.faults.append(message.text)

    def _note_request(self, request: Request) -> None:
        elsewhere = {urlsplit(each).netloc for each in self.elsewhere}
        own = elsewhere | {urlsplit(each).netloc for each in (self.url, self.api)}
        if urlsplit(request.url.removeprefix("blob:")).netloc in own:
            return
        if request.is_navigation_request() or urlsplit(request.frame.url).netloc not in elsewhere:
            self.faults.append(f"foreign request: {request.url}")

"""Pictures of the console's pages for the documentation, from a running stack with demo data.

MASIJALA_DEMO_PASSWORD=… python tools/screenshots.py http://127.0.0.1:8080
"""

import os
import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "docs" / "screenshots"
SAMPLE: Final = ROOT / "devstack" / "src" / "devstack" / "samples" / "return-testville.csv"
PAGES: Final = {
    "clerk": ("today", "find"),
    "admin": ("figures", "approvals", "people", "account"),
}


def main() -> None:
    """Write them all."""
    url, password = sys.argv[1], os.environ["MASIJALA_DEMO_PASSWORD"]
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for account, names in PAGES.items():
            page = signed_in(browser, url, account, password)
            for name in names:
                page.goto(f"{url}/{name}")
                take(page, name)
            if account == "clerk":
                take_return(page, url)
                take_case(page, url)
        browser.close()


def signed_in(browser: Browser, url: str, account: str, password: str) -> Page:
    """The console as a demo account sees it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(url)
    page.get_by_label("E-mail").fill(f"{account}@masijala.example")
    page.get_by_label("Password").first.fill(password)
    page.keyboard.press("Enter")
    page.get_by_role("banner").wait_for()
    return page


def take_return(page: Page, url: str) -> None:
    """The sample return, checked."""
    page.goto(f"{url}/returns")
    page.wait_for_load_state("networkidle")
    sent = page.get_by_role("main").get_by_role("link", name=SAMPLE.name)
    if sent.count() > 0:
        sent.first.click()
    else:
        page.get_by_label("File of the return").set_input_files(SAMPLE)
    page.get_by_role("status").filter(has_text="Checked").wait_for()
    take(page, "returns")


def take_case(page: Page, url: str) -> None:
    """The first case of the list."""
    page.goto(f"{url}/find")
    page.get_by_role("main").get_by_role("link", name=" of 20").first.click()
    page.wait_for_url("**/cases/*")
    take(page, "case")


def take(page: Page, name: str) -> None:
    """One picture, when everything has been read."""
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Loading")).to_have_count(0)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()

"""Take the README's picture of a page, with more targeted help and the change that it makes. Needs Chromium.

demandsim page baseline --out page.html
python tools/page_picture.py page.html
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "page.png"
SIZE = {"width": 1366, "height": 940}
GROUP, LEVER, VALUE = "Prevention", "prevention.targeted", "100"


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.goto(Path(sys.argv[1]).resolve().as_uri())
        page.wait_for_selector("html[data-took]", state="attached")
        page.locator("details.group[open] > summary").first.click()
        page.locator("details.group > summary", has_text=GROUP).click()
        number = page.locator(".lever", has=page.locator("code", has_text=LEVER)).locator("input[type=number]")
        number.fill(VALUE)
        number.press("Tab")
        page.get_by_label("change from the reference").check()
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()

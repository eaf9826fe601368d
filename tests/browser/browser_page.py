"""A page with three levers of a small authority, made once for all workers, and Debian's Chromium to open it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from demandsim.page.levers import levers_of
from demandsim.page.make import Asked, Made, folder_of, make
from demandsim.page.presets import read_all

# A machine that runs other tests at the same time may be slow to draw.
expect.set_options(timeout=30_000)

SCENARIO, WHAT_IFS = "baseline", ("higher_thresholds", "shift_to_prevention")
OVERRIDES, YEARS = ("population.children=8000",), 4
LEVERS = ("contact.referral_threshold", "prevention.targeted", "workforce.posts")
SETTINGS, CHECKS, SEED = 60, 5, 2015
#: The same in words of the command line.
ARGUMENTS = (
    *("page", SCENARIO, *WHAT_IFS, "--set", OVERRIDES[0], "--years", str(YEARS)),
    *(part for name in LEVERS for part in ("--lever", name)),
    *("--settings", str(SETTINGS), "--checks", str(CHECKS), "--jobs", "1"),
)


@dataclass(frozen=True)
class Written:
    """A page that the command wrote.

    Attributes:
        file: of the page.
        folder: in which it was made.
        made: what is in it.
    """

    file: Path
    folder: Path
    made: Made


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Return a page that the command wrote; one worker has it made, the others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "page"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "page.html").exists():
            command = [sys.executable, "-m", "demandsim", *ARGUMENTS, "--out", "page.html"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=540)
            assert done.returncode == 0, done.stdout + done.stderr
    scenario, others = read_all(SCENARIO, WHAT_IFS, OVERRIDES, YEARS)
    asked = Asked(scenario, levers_of(scenario, LEVERS), others, SETTINGS, CHECKS, SEED)
    kept = folder_of(asked, folder / "results")
    return Written(folder / "page.html", folder, make(asked, kept, 1, False, lambda what, done, of: None))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the system's Chromium. Where there is none, tests are skipped, but in CI they fail."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Return a browser without a network, in which whatever a page asks of it is an error."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    asked: list[str] = []

    def refuse(route: object) -> None:
        url = route.request.url  # type: ignore[attr-defined]
        if url.startswith("file:"):
            route.continue_()  # type: ignore[attr-defined]
        else:
            asked.append(url)
            route.abort()  # type: ignore[attr-defined]

    context.route("**/*", refuse)
    yield context
    context.close()
    assert asked == []


@pytest.fixture
def page(context: BrowserContext, written: Written) -> Iterator[Page]:
    """Return the page, opened from its folder. An error of its script fails the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(written.file.as_uri())
    yield page
    assert errors == []

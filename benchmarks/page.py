"""How near a page of the baseline is to the model, how soon it answers, how large it is and how long it takes to make.

    python benchmarks/page.py                    21 levers, 200 settings of each kind to try it on (an hour)
    python benchmarks/page.py --checks 50        as a page is made by itself
    python benchmarks/page.py --file page.html   only how soon a page that is there answers

Needs Chromium. An update is what a move of one lever takes until the last picture is changed, by the page's own clock.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

MOVES, OPENED = 200, 5


def made(folder: Path, words: list[str]) -> Path:
    """Make a page and print what the command says of it, and how long it took."""
    start = time.perf_counter()
    file = folder / "page.html"
    results = ["--results", str(folder / "results"), "--out", str(file)]
    done = subprocess.run([sys.executable, "-m", "demandsim", "page", "baseline", *words, *results], check=True)
    assert done.returncode == 0
    print(f"made in {(time.perf_counter() - start) / 60:.1f} minutes")
    return file


def timed(file: Path) -> None:
    """Print how soon a page shows its first picture, and how long an update takes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        first = []
        for _ in range(OPENED):
            start = time.perf_counter()
            page.goto(file.resolve().as_uri(), wait_until="commit")
            page.wait_for_selector("html[data-took]", state="attached")
            first.append(time.perf_counter() - start)
        took = []
        levers = page.locator(".lever input[type=range]").count()
        for move in range(MOVES):
            page.evaluate(
                """([place, share]) => new Promise((done) => {
                    const slider = document.getElementById(`slider-${place}`);
                    const low = Number(slider.min), high = Number(slider.max);
                    slider.value = low + share * (high - low);
                    slider.dispatchEvent(new Event("input"));
                    requestAnimationFrame(() => requestAnimationFrame(done));
                })""",
                [move % levers, (move * 0.618) % 1],
            )
            took.append(float(page.locator("html").get_attribute("data-took") or "nan"))
        browser.close()
    print(f"{file.stat().st_size / 1e6:.2f} MB; first picture after {median(first):.2f} s")
    nine = quantiles(took, n=10)[-1]
    print(f"an update: median {median(took):.1f} ms, nine in ten within {nine:.1f} ms, {levers} levers")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checks", type=int, default=200)
    parser.add_argument("--file", type=Path)
    given, words = parser.parse_known_args()
    if given.file:
        timed(given.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        timed(made(Path(folder), ["--checks", str(given.checks), *words]))


if __name__ == "__main__":
    main()

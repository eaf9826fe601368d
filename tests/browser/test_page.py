"""The page in a real browser: levers by mouse and keyboard, numbers as simulated, scenarios saved, nothing let out."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_page import LEVERS, YEARS, Written, chromium, context, page, written
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demandsim.page.answers import Answer
from demandsim.page.make import Made
from demandsim.page.numbers import labels_of
from demandsim.page.what_ifs import simulated_answer
from demandsim.page.write import page_html
from demandsim.report.build import build
from demandsim.report.html import page as report_page
from demandsim.report.results_given import read_given

THRESHOLD, PREVENTION, POSTS = range(3)


def number_in(text: str) -> float:
    return float(text.split(" ")[0].replace(",", "").replace("−", "-").replace("+", "").removesuffix("%"))


def table_of(page: Page, label: str) -> list[list[str]]:
    """Return the cells of a picture's table, which opens."""
    figure = page.locator("figure", has=page.get_by_role("heading", name=re.compile(f"^{label},")))
    figure.locator("summary").click()
    expect(figure.locator("td[data-now]").first).not_to_be_empty()
    return [row.locator("td").all_inner_texts() for row in figure.locator("tbody tr").all()]


def violations(page: Page) -> list[tuple[str, str]]:
    """Return what axe finds by the rules of WCAG 2.2 AA."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]


def test_a_lever_moves_by_mouse_by_keyboard_and_by_its_box(page: Page) -> None:
    """Each way moves the finding, and the other half of the lever follows."""
    finding = page.locator("#finding")
    expect(finding).to_contain_text("Nothing is moved")
    page.locator("summary", has_text="Prevention").first.click()
    slider, box = page.locator(f"#slider-{PREVENTION}"), page.locator(f"#number-{PREVENTION}")
    slider.scroll_into_view_if_needed()
    size = slider.bounding_box()
    assert size
    page.mouse.move(size["x"] + size["width"] / 2, size["y"] + size["height"] / 2)
    page.mouse.down()
    page.mouse.move(size["x"] + size["width"] * 0.9, size["y"] + size["height"] / 2, steps=5)
    page.mouse.up()
    expect(finding).not_to_contain_text("Nothing is moved")
    by_mouse = float(box.input_value())
    assert by_mouse > 90
    slider.press("ArrowRight")
    assert float(box.input_value()) == pytest.approx(by_mouse + 1)
    box.fill("70")
    assert float(slider.input_value()) == 70
    # Both are written when the answer is there, the status later: they are compared as they come to be.
    page.wait_for_function(
        "() => { const words = (id) => document.getElementById(id).innerText.replace(/\\s+/g, ' ').trim();"
        " return words('finding') !== '' && words('status').includes(words('finding')); }"
    )
    page.get_by_role("button", name="Put all back").click()
    expect(finding).to_contain_text("Nothing is moved")
    assert float(box.input_value()) == 59.2


def test_numbers_are_those_of_python(page: Page, written: Written) -> None:
    """The script's arithmetic is that of `demandsim.page.answers`, from the first year and from a later one."""
    answers, levers = written.made.answers, written.made.asked.levers
    values = [1.4, 100.0, 21.5]
    scaled = np.array([lever.scaled(value) for lever, value in zip(levers, values, strict=True)])
    place = [one.id for one in answers.measures].index("children_in_need")
    settings = "&".join(f"{name}={value}" for name, value in zip(LEVERS, values, strict=True))
    labels = labels_of(written.made.asked.scenario)
    for start in (0, 2):
        page.goto(f"{written.file.as_uri()}#from={labels[start]}&{settings}")
        page.reload()
        found, answer = table_of(page, "Children in need"), answers.answer(scaled, start)
        assert [number_in(row[2]) for row in found] == pytest.approx(answer.mean[:, place], abs=1.01)
        assert [number_in(row[3]) for row in found] == pytest.approx(answer.difference[:, place], abs=0.51)
        low = [float(re.findall(r"\(([\d,.]+) to", row[2])[0].replace(",", "")) for row in found]
        assert low == pytest.approx(answer.low[:, place], abs=0.51)
    assert abs(answer.difference[:2, place]).max() == 0
    assert abs(answer.difference[-1, place]) > 5


def test_the_cost_table_is_that_of_python(page: Page, written: Written) -> None:
    answers, levers = written.made.answers, written.made.asked.levers
    page.goto(f"{written.file.as_uri()}#from=2013-14&workforce.posts=21.5")
    page.reload()
    scaled = np.array(
        [lever.scaled(value) for lever, value in zip(levers, [levers[0].now, levers[1].now, 21.5], strict=True)]
    )
    answer = answers.answer(scaled, 0)
    found = table_of(page, "Cost so far against the reference")
    assert [number_in(row[-1]) for row in found] == pytest.approx(answer.cost, abs=0.051)
    heading = page.locator("figure.large th[data-now]").text_content()
    assert heading == "Cost so far (90% interval)"
    within = f"the emulator is within £{written.made.trial.cost_few:.2g} million"
    expect(page.locator("#detail")).to_contain_text(within)


def test_where_a_measure_misses_its_bar_the_finding_has_words_alone(
    context: BrowserContext, written: Written, tmp_path: Path
) -> None:
    made = written.made
    first, *others = made.trial.errors
    trial = replace(made.trial, errors=(replace(first, near_few=0.5, near_all=0.5), *others))
    file = tmp_path / "words.html"
    file.write_text(page_html(replace(made, trial=trial), "demandsim page x --out page.html"), encoding="utf-8")
    page = context.new_page()
    page.goto(f"{file.as_uri()}#from=2013-14&prevention.targeted=100&contact.referral_threshold=1.4")
    finding = page.locator("#finding").inner_text()
    assert finding.startswith("Children looked after: ")
    assert finding.endswith("in 2016-17. In words only: the emulator is not accurate enough here.")
    assert not re.search(r"[0-9]", finding.replace("2016-17", ""))


def test_finding_picture_and_table_agree_to_the_last_digit(page: Page, written: Written) -> None:
    for value in (1.05, 1.1, 1.2, 1.285, 1.35, 1.4):
        page.goto(f"{written.file.as_uri()}#from=2013-14&contact.referral_threshold={value}")
        page.reload()
        row = table_of(page, "Children looked after")[-1]
        finding = page.locator("#finding").inner_text()
        now, change = number_in(row[2]), number_in(row[3])
        before = number_in(row[0])
        assert now == pytest.approx(before + change, abs=0.051)
        assert f"{now:g}" in finding
        assert f"{abs(change):g} " in finding or "No clear change" in finding


def test_a_simulated_what_if_that_changes_nothing_has_the_interval_of_the_reference(written: Written) -> None:
    made = written.made
    values = made.answers.reference.values
    answer = simulated_answer(made.answers.measures, values[:20], values[:20], values)
    assert np.allclose(answer.low, made.answers.reference.low)
    assert np.allclose(answer.high, made.answers.reference.high)
    assert np.abs(answer.difference).max() == 0


def answered(context: BrowserContext, made: Made, answer: Answer, file: Path) -> Page:
    """The page with another answer for its one simulated what-if, opened at that what-if."""
    (kept,) = (one for one in made.presets if one.answer)
    presets = tuple(replace(one, answer=answer) if one is kept else one for one in made.presets)
    file.write_text(page_html(replace(made, presets=presets), "x --out y"), encoding="utf-8")
    page = context.new_page()
    page.goto(f"{file.as_uri()}#what-if={kept.scenario.name}")
    return page


def test_a_simulated_cost_that_chance_may_make_is_no_cost(
    context: BrowserContext, written: Written, tmp_path: Path
) -> None:
    made = written.made
    (kept,) = (one for one in made.presets if one.answer)
    assert kept.answer
    cost = np.full(YEARS, -1.0)
    for error, words, back in ((2.0, "No clear change in cost", False), (0.5, "It saves £1.00 million", True)):
        answer = replace(
            kept.answer, cost=cost, cost_low=cost - 3, cost_high=cost + 2, cost_error=np.full(YEARS, error)
        )
        page = answered(context, made, answer, tmp_path / f"{error}.html")
        expect(page.locator("#detail")).to_contain_text(words)
        assert ("never costs more" in page.locator("#detail").inner_text()) == back


def test_what_is_printed_says_what_was_set(page: Page, written: Written) -> None:
    page.goto(f"{written.file.as_uri()}#from=2013-14&contact.referral_threshold=1.4")
    page.reload()
    settings = page.locator("#settings")
    expect(settings).not_to_be_visible()
    page.emulate_media(media="print")
    expect(settings).to_contain_text("Set from April 2013: Threshold for a referral 1.4")
    expect(page.locator(".view")).not_to_be_visible()


def test_harm_within_two_standard_errors_is_no_clear_change(
    context: BrowserContext, written: Written, tmp_path: Path
) -> None:
    made = written.made
    place = [one.id for one in made.answers.measures].index("exposure")
    (kept,) = (one for one in made.presets if one.answer)
    assert kept.answer
    assert kept.answer.error is not None
    change = kept.answer.difference.copy()
    for size, words in (
        (0.5, "No clear change in modelled exposure"),
        (1.5, "Modelled exposure to serious harm is higher"),
    ):
        change[-1, place] = size * kept.answer.error[-1, place]
        answer = replace(kept.answer, difference=change.copy())
        page = answered(context, made, answer, tmp_path / f"{size}.html")
        expect(page.locator("#detail")).to_contain_text(words)


def test_a_what_if_whose_year_is_changed_is_ones_own(page: Page, context: BrowserContext) -> None:
    """A link then holds the levers and the year; a simulated one acts from its own dates, and the box is not to use."""
    page.locator("#what-if").select_option("higher_thresholds")
    page.locator("#start").select_option("2")
    assert page.locator("#what-if").input_value() == ""
    expect(page).to_have_url(re.compile("from=2015-16"))
    other = context.new_page()
    other.goto(page.url)
    assert other.locator("#finding").inner_text() == page.locator("#finding").inner_text()
    page.locator("#what-if").select_option("shift_to_prevention")
    expect(page.locator("#start")).to_be_disabled()
    page.get_by_role("button", name="Put all back").click()
    expect(page.locator("#start")).to_be_enabled()
    assert page.locator("#start").input_value() == "1"


def test_in_a_file_simulate_this_gives_the_commands(page: Page, written: Written) -> None:
    """They hold what the page was made with, and stand where the button is."""
    page.locator("summary", has_text="Prevention").first.click()
    page.locator(f"#number-{PREVENTION}").fill("70")
    button = page.get_by_role("button", name="Simulate this")
    button.click()
    said = page.locator("#said")
    expect(said).to_contain_text("demandsim run my_what_if.toml")
    expect(said).to_contain_text("--set population.children=8000 --years 4 --settings 60 --checks 5")
    expect(said).to_contain_text("--serve")
    expect(said).to_be_in_viewport()


def test_what_has_the_focus_is_never_under_the_finding(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator("#link").focus()
    hidden = []
    for _ in range(25):
        page.keyboard.press("Shift+Tab")
        hidden += page.evaluate(
            """async () => {
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                const bar = document.querySelector(".finding").getBoundingClientRect();
                const box = document.activeElement.getBoundingClientRect();
                const covered = box.bottom <= bar.bottom && bar.top <= 0 && box.height > 0;
                return covered && !document.querySelector(".finding").contains(document.activeElement)
                    ? [document.activeElement.id] : [];
            }"""
        )
    assert hidden == []


def test_what_is_saved_runs_and_agrees_with_the_page(page: Page, written: Written, tmp_path: Path) -> None:
    """A downloaded scenario runs; its mean is near what the page says of it, or within what chance allows."""
    page.goto(f"{written.file.as_uri()}#from=2013-14&contact.referral_threshold=1.4")
    page.reload()
    page.locator("#title").fill('Raise "thresholds" <b>now</b>')
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as scenario").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "raise_thresholds_b_now_b.toml"
    assert 'title = "Raise \\"thresholds\\" <b>now</b>"' in file.read_text(encoding="utf-8")
    said = [number_in(row[2]) for row in table_of(page, "Children in need")]
    command = [sys.executable, "-m", "demandsim", "run", str(file), "--replications", "20", "--jobs", "1"]
    options = ["--ensemble", "baseline", "--no-pictures", "--out", str(tmp_path)]
    done = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (summary,) = tmp_path.glob("*/summary.csv")
    with summary.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["measure"] == "children_in_need"][-YEARS:]
    for number, row in zip(said, rows, strict=True):
        # The error is half the 90% interval of the mean: some 1.7 standard errors.
        assert number == pytest.approx(
            float(row["authority mean"]), rel=0.05, abs=2 * float(row["simulation error (90%)"])
        )


def test_a_link_holds_the_settings(page: Page, context: BrowserContext) -> None:
    page.locator("summary", has_text="Prevention").first.click()
    page.locator(f"#number-{PREVENTION}").fill("88.5")
    page.locator("#start").select_option("2")
    page.get_by_role("button", name="Copy link").click()
    expect(page).to_have_url(re.compile("88.5"))
    other = context.new_page()
    other.goto(page.url)
    assert other.locator(f"#number-{PREVENTION}").input_value() == "88.5"
    assert other.locator("#start").input_value() == "2"
    assert other.locator("#finding").inner_text() == page.locator("#finding").inner_text()


def test_what_ifs_set_sliders_or_are_simulated_and_say_so(page: Page, written: Written) -> None:
    what_if = page.locator("#what-if")
    what_if.select_option("higher_thresholds")
    assert page.locator(f"#number-{THRESHOLD}").input_value() == "1.285"
    expect(page.locator("#mark")).to_have_text("Emulated. ")
    what_if.select_option("shift_to_prevention")
    expect(page.locator("#mark")).to_have_text("Simulated beforehand. ")
    expect(page.locator("#why")).to_contain_text("Simulated beforehand")
    (preset,) = (one for one in written.made.presets if one.answer)
    place = [one.id for one in written.made.answers.measures].index("children_in_need")
    found = [number_in(row[2]) for row in table_of(page, "Children in need")]
    assert preset.answer
    assert found == pytest.approx(preset.answer.mean[:, place], abs=1.01)


def test_pictures_show_levels_or_changes(page: Page, written: Written) -> None:
    """Of differences the scale is another; they begin at nothing before the levers act."""
    page.goto(f"{written.file.as_uri()}#from=2014-15&contact.referral_threshold=1.4")
    page.reload()
    figure = page.locator("figure", has=page.get_by_role("heading", name=re.compile("^Children in need,"))).first
    level = figure.locator(".end").text_content() or ""
    page.get_by_label("change from the reference").check()
    expect(figure.locator(".end")).to_have_text(re.compile("^[+\u2212][0-9]"))
    assert not figure.locator(".usual").is_visible()
    zero = figure.locator(".of-changes .axis").get_attribute("y1")
    assert (figure.locator(".now").get_attribute("d") or "").startswith(f"M40.0 {float(zero or 0):g}L")
    page.get_by_label("levels").check()
    expect(figure.locator(".end")).to_have_text(level)


def test_beyond_what_was_simulated_there_is_no_answer(page: Page) -> None:
    page.locator("summary", has_text="Prevention").first.click()
    page.locator(f"#number-{PREVENTION}").fill("500")
    expect(page.locator("#finding")).to_have_text("Beyond what was simulated: no answer.")
    expect(page.locator(f"#beyond-{PREVENTION}")).to_be_visible()
    assert {path.get_attribute("d") for path in page.locator("section figure .now").all()} == {""}
    assert "no answer" in page.locator("figure .says").first.inner_text().lower()


def test_titles_with_markup_are_shown_and_not_run(context: BrowserContext, written: Written, tmp_path: Path) -> None:
    """A title, a reason and a source with markup; the policy would stop a script even so."""
    bad = "</script><img src=x onerror=alert(1)><script>alert(2)</script>"
    made = written.made
    levers = tuple(replace(lever, source=bad) for lever in made.asked.levers)
    presets = tuple(replace(one, scenario=replace(one.scenario, title=bad, why=bad)) for one in made.presets)
    asked = replace(made.asked, scenario=replace(made.asked.scenario, title=bad), levers=levers)
    file = tmp_path / "bad.html"
    file.write_text(page_html(replace(made, asked=asked, presets=presets), bad), encoding="utf-8")
    page = context.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(file.as_uri())
    expect(page.locator("h1")).to_have_text(bad)
    page.locator("#what-if").select_option("shift_to_prevention")
    expect(page.locator("#why")).to_contain_text("</script>")
    assert page.locator("img").count() == 0
    assert alerts == []


@pytest.mark.parametrize("width", [1366, 360])
def test_an_accessibility_checker_finds_nothing(page: Page, width: int) -> None:
    """axe with the rules of WCAG 2.2 AA, everything opened and a lever moved; nothing is wider than the window."""
    page.set_viewport_size({"width": width, "height": 768})
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator(f"#number-{PREVENTION}").fill("500")
    page.locator(f"#number-{POSTS}").fill("21.5")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("width", [1366, 390])
def test_an_accessibility_checker_finds_nothing_in_a_report(
    context: BrowserContext, compared: Path, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_page(build(read_given([compared]))), encoding="utf-8")
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(file.as_uri())
    assert violations(page) == []


def test_without_javascript_it_is_a_report(chromium: Browser, written: Written) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(written.file.as_uri())
    assert not page.locator("#levers").is_visible()
    figures = page.locator("figure").all()
    assert len(figures) == len(written.made.answers.measures) + 1
    assert all(figure.locator("tbody tr").count() == YEARS for figure in figures)
    usual = written.made.answers.reference.mean[-1, 0]
    assert f"{usual:.0f} children looked after" in page.locator("#finding").inner_text()
    context.close()


def test_the_file_is_small_and_allows_nothing_else(written: Written) -> None:
    text = written.file.read_text(encoding="utf-8")
    assert len(text.encode()) < 2e6
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]
    assert re.findall(r"""(?:src|href)=["']?(?!#|data:)[^\s>"']+""", text) == []

"""Pictures of a comparison: the finding as title, an interval for every what-if, nothing off the page."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import small
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from demandsim.experiment.run import run
from demandsim.plots import findings, style
from demandsim.plots.comparison import PICTURES
from demandsim.plots.what_ifs import short_names
from demandsim.results.comparison import Comparison, compare_results
from demandsim.results.store import Results

YEARS, MANY = 3, 4
LONG = "Shift spend to prevention: one pound in {} of care spend, in one authority and for good"


def _run(out: Path, **changes: object) -> Results:
    return run(small(8_000, YEARS, **changes), replications=MANY, seed=7, out=out, jobs=1)


def _named(results: Results, title: str) -> Results:
    return replace(results, manifest=replace(results.manifest, title=title))


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    out = tmp_path_factory.mktemp("pictures")
    reference = _run(out)
    more, cut = _run(out, prevention__universal=150), _run(out, budget__total=500)
    fewer = _run(out, demand__level=0.5, prevention__universal=30)
    runs = (more, cut, fewer, reference) * 2
    titles = [LONG.format("ten"), "Austerity: a tenth off", "Fewer families", "The same", LONG.format("five")]
    titles += ["Austerity again", "Fewer again", "The same again"]
    return compare_results(reference, [_named(one, title) for one, title in zip(runs, titles, strict=True)])


def _first(comparison: Comparison, *places: int) -> Comparison:
    return replace(comparison, others=tuple(comparison.others[place] for place in places))


def _texts(figure: Figure) -> list[Text]:
    """Return the words of a figure; of numbers on an axis some lie beyond its ends and are not drawn."""
    every = [one for one in figure.findobj(Text) if one.get_visible()]
    return [one for one in every if any(letter.isalpha() for letter in one.get_text())]


@pytest.mark.parametrize("places", [(0,), (0, 4), (0, 1, 2), tuple(range(8))], ids=lambda places: str(len(places)))
def test_every_picture_has_room_for_its_words(eight: Comparison, places: tuple[int, ...]) -> None:
    comparison = _first(eight, *places)
    outside: list[str] = []

    def look(figure: Figure) -> None:
        FigureCanvasAgg(figure).draw()
        page = figure.bbox.padded(2)
        for text in _texts(figure):
            box = text.get_window_extent()
            if not (page.contains(box.x0, box.y0) and page.contains(box.x1, box.y1)):
                outside.append(text.get_text())

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        for picture in PICTURES:
            look(style.figure_of(picture(comparison), comparison.reference.manifest))
    assert outside == []


@pytest.mark.parametrize("many", [1, 2])
def test_a_run_of_one_year_shows_points(tmp_path: Path, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: figure.canvas.draw())
    reference, more = (
        run(small(3_000, 1, demand__level=level), replications=3, seed=7, out=tmp_path, jobs=1) for level in (1.0, 1.3)
    )
    comparison = compare_results(reference, [more] * many)
    for picture in PICTURES:
        style.save(picture(comparison), tmp_path, reference.manifest)
    figure = plt.figure(figsize=(8, 5))
    PICTURES[0](comparison).draw(figure)
    markers = [line.get_marker() for axes in figure.axes for line in axes.lines]
    assert markers.count("o") == 6 * many
    plt.close(figure)


def test_titles_say_what_was_found(eight: Comparison) -> None:
    fewer, same = _first(eight, 2), _first(eight, 3)
    assert findings.children_title(fewer).startswith("Children looked after are ")
    assert findings.children_title(fewer).endswith(" fewer on average than in the reference in 2015-16")
    assert findings.children_title(same) == "No change in children looked after can be told apart by 2015-16"
    assert findings.money_title(same) == "It costs what the reference costs by 2015-16"
    assert findings.money_title(_first(eight, 3, 7)) == "No what-if costs more or less than the reference by 2015-16"
    assert findings.lines_title(same) == "No spending line moves"
    assert "more by 2015-16, paid on average by a larger budget" in findings.money_title(_first(eight, 0))
    saved = findings.money_title(_first(eight, 1))
    assert saved.startswith("A saving of £")
    assert saved.endswith("by 2015-16; modelled exposure to harm rises on average")
    assert findings.outcome_title(fewer).endswith("care-years avoided")
    assert findings.lines_title(_first(eight, 0)).startswith("Prevention moves most: £")


def test_a_likely_saving_is_said_with_its_share_its_harm_and_whether_it_is_told_apart(
    eight: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = _first(eight, 1, 0)
    likely = "1 of 2 what-ifs is likely (at least 50%) to save or pay back by 2015-16"
    harm = "; modelled exposure to harm rises on average with "
    assert findings.money_title(two) == f"{likely}{harm}Austerity"
    assert findings.money_title(_first(eight, 1, 5)).endswith(f"{harm}both")
    monkeypatch.setattr(findings, "beyond_zero", lambda value: False)
    assert findings.money_title(two) == f"{likely}, not told apart; mean exposure to harm rises with Austerity"
    assert all(len(style.title_lines(title(eight))) <= 2 for title in (findings.money_title, findings.outcome_title))


def test_titles_of_several_name_the_best_and_call_a_tie_a_tie(eight: Comparison) -> None:
    assert findings.children_title(_first(eight, 1, 2)).startswith(
        "Fewer families lowers children looked after most, by "
    )
    assert findings.children_title(_first(eight, 1, 3)) == "No what-if lowers children looked after by 2015-16"
    tied = findings.children_title(_first(eight, 2, 6))
    assert tied == "Fewer families and Fewer again lower children looked after most by 2015-16"
    assert (
        findings.money_title(_first(eight, 0, 4))
        == "Neither of 2 what-ifs is likely (at least 50%) to save or pay back by 2015-16"
    )
    assert "of 8 what-ifs are likely (at least 50%) to save or pay back by 2015-16" in findings.money_title(eight)
    assert (
        findings.outcome_title(_first(eight, 0, 2))
        == "Fewer families both saves money and avoids care-years over 3 years"
    )
    assert (
        findings.outcome_title(_first(eight, 0, 4))
        == "Neither of 2 what-ifs both saves money and avoids care-years beyond chance over 3 years"
    )


def test_what_costs_more_and_adds_care_years_is_not_said_to_do_both(eight: Comparison) -> None:
    turned = compare_results(eight.others[2].run, [eight.reference, eight.others[0].run])
    title = "Neither of 2 what-ifs both saves money and avoids care-years beyond chance over 3 years"
    assert findings.outcome_title(turned) == title


def test_names_end_at_a_colon_unless_two_would_be_the_same(eight: Comparison) -> None:
    names = short_names(eight)
    assert names[1] == "Austerity"
    assert names[0] == LONG.format("ten")


def test_shading_is_the_90_per_cent_interval_of_replications(eight: Comparison) -> None:
    figure = plt.figure(figsize=(8, 5))
    PICTURES[0](_first(eight, 2)).draw(figure)
    other, years = eight.others[2], eight.years
    from demandsim.results.measures import MEASURES

    values = [other.change(MEASURES["looked_after"], year) for year in years]
    (shade,) = figure.axes[0].collections
    lows = np.array([value.low for value in values])
    drawn = shade.get_paths()[0].vertices[:, 1]
    assert all(np.isclose(drawn, low).any() for low in lows)
    plt.close(figure)

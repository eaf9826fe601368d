"""The answer of a comparison: one paragraph for each what-if, and the measures that it moves most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import small

from demandsim.experiment.run import run
from demandsim.plots.differences import differences
from demandsim.records import Count
from demandsim.results import measures_of_harm
from demandsim.results.answer import answer, care_year_words, main_points
from demandsim.results.change_words import change_words, changes_words
from demandsim.results.comparison import Against, Comparison, compare_results
from demandsim.results.comparison_tables import rows
from demandsim.results.measure import Quantity, flow, measure
from demandsim.results.measures import MEASURES
from demandsim.results.moved import moved_most, shown
from demandsim.results.store import Results
from demandsim.results.uncertainty import Estimate, estimate
from demandsim.results.verdict import verdict
from demandsim.results.year import Year
from demandsim.scenario.parameters import PARAMETERS

YEARS, MANY = 2, 6


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """Leave the measures as they were, and in their order: kept files are read by it."""
    before = dict(MEASURES)
    yield
    MEASURES.clear()
    MEASURES.update(before)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("answer")


def _run(out: Path, **changes: object) -> Results:
    return run(small(8_000, YEARS, **changes), replications=MANY, seed=7, out=out, jobs=1)


@pytest.fixture(scope="module")
def reference(out: Path) -> Results:
    return _run(out)


@pytest.fixture(scope="module")
def cut(reference: Results, out: Path) -> Comparison:
    """Prevention cut by half: a saving, and early help unmet."""
    return compare_results(reference, [_run(out, prevention__targeted=30)])


def test_changes_have_a_way_a_unit_and_an_interval() -> None:
    change = Estimate(-4, -8.2, 1.2, 1)
    care, workload = MEASURES["looked_after"], MEASURES["workload"]
    assert change_words(care, change, first=True) == (
        "4.00 fewer children looked after (90% interval 8.20 fewer to 1.20 more)"
    )
    assert change_words(workload, Estimate(2, 1, 3, 0.5)) == "workload up 2.00 points (1.00 to 3.00)"
    assert change_words(MEASURES["reserves"], Estimate(-2, -3, -1, 0.5)) == "reserves down £2.00 million (1.00 to 3.00)"
    assert change_words(MEASURES["referrals"], Estimate(20, 0, 30, 0.5)) == "20 more referrals a year (none to 30 more)"
    assert change_words(care, Estimate(-10.3, -61.3, 0.4, 3)) == "10 fewer children looked after (61 fewer to none)"
    nothing, unclear = Estimate(0, 0, 0, 0), Estimate(1, -3, 4, 2)
    assert changes_words([(care, change), (workload, unclear), (MEASURES["plans"], nothing)]) == (
        "4.00 fewer children looked after (8.20 fewer to 1.20 more); not told apart: workload; "
        "unchanged: child protection plans"
    )


def test_contacts_again_are_told_for_each_hundred_cases_not_in_points() -> None:
    again = MEASURES["contacts_again"]
    assert change_words(again, Estimate(1.23, -1.29, 7.83, 0.5)) == (
        "contacts again within 12 months of closing up 1.23 for each 100 cases closed (1.29 down to 7.83 up)"
    )
    assert (again.unit, again.scales) == ("for each 100 cases closed", False)


def test_the_main_points_are_children_the_cost_with_who_pays_payback_and_harm(cut: Comparison) -> None:
    other, year = cut.others[0], cut.years[-1]
    care, cost, payback, harm = main_points(cut, other, year)
    assert care.startswith("In 2014-15, against the reference: ")
    assert "looked after" in care
    assert "children in need" not in care
    assert cost.startswith("It saves £")
    assert "90% interval" in cost
    assert "with more unmet need, waits or risk: " in cost
    assert "The budget is £" in cost or "Saved to" in cost
    assert payback
    assert harm.startswith("Waits, unmet need and risk in 2014-15")


def test_what_help_does_summed_over_children_is_in_files_but_joins_no_table(cut: Comparison) -> None:
    names = {"help_delivered", "early_help_delivered", "owed"}
    assert {MEASURES[name].unit for name in names} == {
        "standard deviations of severity, all children together",
        "£ million",
    }
    assert not names & {one.id for one in shown(cut, cut.years[-1])}


def test_a_saving_names_unmet_need_in_the_same_sentence(cut: Comparison) -> None:
    text = answer(cut, cut.others[0], cut.years[-1])
    (saving,) = [sentence for sentence in text.split(". ") if "It saves £" in sentence]
    assert "with more unmet need, waits or risk: " in saving
    assert "more unmet requests for early help a year" in saving
    assert "The reference" not in text
    assert text.startswith("In 2014-15, against the reference: ")


def test_a_cost_names_no_harm_in_its_sentence(reference: Results, out: Path) -> None:
    more = compare_results(reference, [_run(out, prevention__targeted=120)])
    text = answer(more, more.others[0], more.years[-1])
    assert "It costs £" in text
    assert "with more unmet need" not in text
    assert "Paid by a larger budget" in text
    waits = text.split("Waits, unmet need and risk in 2014-15, against the reference: ")[1]
    assert "fewer unmet requests for early help a year" in waits


def test_more_demand_costs_more_and_its_growth_is_shown_by_what_grows(reference: Results, out: Path) -> None:
    surge = compare_results(reference, [_run(out, demand__level=1.3)])
    text = answer(surge, surge.others[0], surge.years[-1])
    assert "It costs £" in text
    assert "with more unmet need" not in text
    assert "more unmet requests for early help a year" in text
    names = [name for name, _ in moved_most(surge.others[0], surge.years[0])]
    assert "contacts" in names
    assert not [name for name in names if MEASURES[name].group == "growth"]


def test_a_larger_share_of_fewer_starts_is_no_harm_that_a_saving_comes_with(
    cut: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    unmet = MEASURES["early_help_unmet"]
    monkeypatch.setitem(MEASURES, "care_emergency", replace(unmet, id="care_emergency", label="Emergencies"))
    text = answer(cut, cut.others[0], cut.years[-1])
    (saving,) = [sentence for sentence in text.split(". ") if "It saves £" in sentence]
    assert "emergencies" not in saving
    assert "more emergencies a year" in text


def test_waits_that_nothing_moves_are_said_in_one_sentence(reference: Results, out: Path) -> None:
    dearer = compare_results(reference, [_run(out, inflation__other=2)])
    text = answer(dearer, dearer.others[0], dearer.years[-1])
    assert text.endswith("Waits, unmet need and risk are not told apart in 2014-15.")


def test_a_measure_that_the_model_gains_joins_the_answer(cut: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("exposure", "contacts_again"):
        monkeypatch.delitem(MEASURES, name, raising=False)
    before = answer(cut, cut.others[0], cut.years[-1])
    assert "exposure" not in before
    exposure = measure(
        "exposure",
        "Exposure to serious harm",
        Quantity.COUNT,
        "children",
        "risk",
        lambda year: year.count(Count.EARLY_HELP_UNMET),
        "Test",
    )
    monkeypatch.setitem(MEASURES, "exposure", exposure)
    again = flow("contacts_again", "Contacts of known children", "demand", Count.CONTACT, definition="Test")
    monkeypatch.setitem(MEASURES, "contacts_again", again)
    text = answer(cut, cut.others[0], cut.years[-1])
    (saving,) = [sentence for sentence in text.split(". ") if "It saves £" in sentence]
    assert "more exposure to serious harm" in saving
    assert "contacts of known children" in text
    assert "exposure" in {one.id for one in shown(cut, cut.years[-1])}


def test_what_moves_most_joins_the_table_and_nothing_within_noise_does(cut: Comparison) -> None:
    other, year = cut.others[0], cut.years[-1]
    names = [name for name, _ in moved_most(other, year)]
    assert {"early_help_unmet", "spend_prevention"} <= set(names)
    assert not any(MEASURES[name].headline or MEASURES[name].group == "growth" for name in names)
    headline = [one.id for one in MEASURES.values() if one.headline]
    assert [one.id for one in shown(cut, year)][: len(headline)] == headline
    assert "early_help_unmet" in [one.id for one in shown(cut, year)]
    same = compare_results(cut.reference, [cut.reference])
    assert moved_most(same.others[0], year) == []
    assert len(shown(same, year)) == len(headline)


def test_what_has_not_begun_is_said_to_have_changed_nothing(reference: Results) -> None:
    later = replace(reference, manifest=replace(reference.manifest, scenario="later", digest="other"))
    comparison = compare_results(reference, [later])
    assert answer(comparison, comparison.others[0], comparison.years[-1]) == (
        "Nothing has begun by the end of 2014-15: every result is the reference's. Simulate longer with --years."
    )


def _priced(avoided: list[float], cost: list[float]) -> Against:
    """Return a what-if whose care-years avoided and net cost, in thousands of pounds, are given."""
    reference = Results(Path(), type("Manifest", (), {"members": 0})(), {})
    against = Against(reference, reference)
    against.__dict__["care_years_avoided"] = np.array(avoided)
    against.__dict__["net_cost"] = type("Cost", (), {"cumulative": 1e3 * np.array(cost)[:, None]})()
    return against


def test_a_care_year_has_a_price_only_where_some_are_surely_avoided() -> None:
    sure = _priced([10, 12, 8, 10] * 5, [100, 100, 120, 80] * 5)
    assert care_year_words(sure) == "It avoids 10.0 care-years (8.00 to 12.0), at £10.0 thousand each (8.00 to 15.0)."
    assert care_year_words(_priced([10, 12, -8, 10] * 5, [100, 100, 120, 80] * 5)) == ""
    assert care_year_words(_priced([10, 12, 8, 10] * 5, [-100, -100, -120, -80] * 5)) == ""
    rarely = _priced([10] * 39 + [-1], [100] * 40)
    assert care_year_words(rarely).startswith("It avoids 9.72 care-years (10.0 to 10.0), at £10.3 thousand each")


def test_an_estimate_of_one_replication_is_not_told_apart() -> None:
    assert changes_words([(MEASURES["plans"], estimate(np.array([3.0])))]) == "not told apart: child protection plans"


@pytest.mark.parametrize("lever", measures_of_harm.DECISIONS)
def test_exposure_is_not_shown_for_what_acts_on_the_decision_to_take_into_care(
    reference: Results, out: Path, lever: str
) -> None:
    assert lever in PARAMETERS
    name = lever.replace(".", "__")
    value = 9 if lever.startswith("prevention") else 1.4
    comparison = compare_results(reference, [_run(out, **{name: value})])
    (other,), exposure = comparison.others, MEASURES["exposure"]
    assert other.withheld(exposure)
    assert np.isnan(other.measure(exposure, comparison.years[-1])).all()
    text = answer(comparison, other, comparison.years[-1])
    assert text.count("xposure") == 1
    assert "Modelled exposure to serious harm is not shown: this what-if acts on the decision" in text
    (row,) = [row for row in rows(comparison, [exposure]) if row[4] == "2014-15"]
    assert row[5] == "100"
    assert set(row[6:12]) == {""}
    assert row[-1] == "not shown"
    drawn = differences(comparison)
    assert not [row for row in drawn.rows if row[1] == "exposure"]


def test_exposure_is_an_index_higher_or_lower_and_nothing_else(cut: Comparison) -> None:
    exposure, (other,), year = MEASURES["exposure"], cut.others, cut.years[-1]
    assert not other.withheld(exposure)
    usual, now = (exposure.of(Year(run.tables, year)) for run in (cut.reference, other.run))
    assert other.measure(exposure, year) == pytest.approx(100 * (now - usual) / usual.mean())
    (row,) = [row for row in rows(cut, [exposure]) if row[4] == "2014-15"]
    assert (row[3], row[5], row[-3]) == ("index, reference 100", "100", "")
    change = Estimate(-3.8, -6, -0.9, 1)
    assert verdict(exposure, np.array([-4.0, -3.6]), change).words == "lower in 100%"
    assert change_words(exposure, change, first=True) == (
        "modelled exposure to serious harm lower (index 96.2; 90% interval 94.0 to 99.1; reference 100)"
    )

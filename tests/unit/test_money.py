"""Net cost, payback, prices, discounting, and who pays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ensemble_of, small

from demandsim.experiment.compare import compare, keep
from demandsim.experiment.run import run
from demandsim.problems import UserError
from demandsim.results.answer import answer
from demandsim.results.comparison import Against, Comparison, compare_results
from demandsim.results.financing import PAYERS, Financing, first_in_deficit, reserves_of
from demandsim.results.kept_comparison import read_comparison
from demandsim.results.money_words import (
    lines_words,
    net_benefit_words,
    net_cost_words,
    payback_words,
    payers_words,
    reserves_words,
)
from demandsim.results.net_cost import NetCost
from demandsim.results.prices import REAL, Terms, inflation_of
from demandsim.results.store import Results
from demandsim.vocabulary import SpendLine

YEARS, MANY = 3, 4
#: Reserves that no authority of the tests uses up, in pounds a child.
LASTING = 250


def _cost(rows: list[list[float]]) -> NetCost:
    return NetCost(np.array(rows, dtype=float))


def test_payback_is_the_month_from_which_the_money_stays_back() -> None:
    cost = _cost([[5, 3, 0, 2, -1, -2], [1, 2, 3, 4, 5, 6], [-1, -2, -1, -1, -1, -1], [9, -1, -1, -1, -1, -1]])
    months = cost.payback_month
    assert months[0] == 5
    assert months[1] == np.inf
    assert np.isnan(months[2])
    assert months[3] == 2
    assert cost.paid_back_by(1) == 0.25
    assert cost.paid_back_by(2) == 0.5
    assert cost.paid_back_by(6) == 0.75
    assert list(cost.peak) == [5, 6, 0, 9]


def test_nothing_is_paid_back_before_anything_is_spent_or_saved() -> None:
    none, saved, spent = [0.0] * 12, [-5.0] * 12, [5.0] * 12
    assert _cost([none + saved, none + saved]).payback_year == 2
    assert _cost([none + saved, none + spent]).first_year == 2
    assert _cost([saved + none, none + saved]).first_year == 1


def test_the_payback_year_is_the_first_by_which_half_have_paid_back_for_good() -> None:
    early = [9.0] * 5 + [-1.0] * 31
    late = [9.0] * 20 + [-1.0] * 16
    again = [9.0] * 5 + [-1.0] * 28 + [2.0] * 3
    assert _cost([early, early, late]).payback_year == 1
    assert _cost([early, late]).payback_year == 1
    assert _cost([early, late, again]).payback_year == 2
    assert _cost([late, again, again]).payback_year is None
    assert _cost([again, again]).paid_back_by(36) == 0
    assert _cost([[-1.0] * 36]).never_out
    assert _cost([[0.0] * 36]).nothing
    assert _cost([late]).at_year(2)[0] == pytest.approx(-1e-6)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("money")


@pytest.fixture(scope="module")
def plain(out: Path) -> Results:
    return run(small(8_000, YEARS), replications=MANY, seed=7, out=out, jobs=1)


@pytest.fixture(scope="module")
def sound(out: Path) -> Results:
    """The same with reserves that last, which so small an authority does not have: it is in deficit on its own."""
    return run(small(8_000, YEARS, budget__reserves=LASTING), replications=MANY, seed=7, out=out, jobs=1)


@pytest.fixture(scope="module")
def dearer(out: Path) -> Results:
    """The same with prices that rise, each line at its own rate."""
    rises = {"fostering": 4, "residential": 3, "care_other": 2, "social_work": 1, "other": 2.5, "prevention": 1.5}
    loops = {f"inflation__{line}": rate for line, rate in rises.items()}
    return run(small(8_000, YEARS, **loops), replications=MANY, seed=7, out=out, jobs=1)


def _compared(reference: Results, other: Results, terms: Terms | None = None) -> Comparison:
    return compare_results(reference, [other], terms)


def test_real_prices_take_the_rises_of_each_line_out_again(plain: Results, dearer: Results) -> None:
    assert list(inflation_of(dearer)[1]) == [4, 3, 2, 1, 2.5, 1.5]
    comparison = _compared(plain, dearer, Terms(REAL))
    residual = comparison.others[0].extra_spend[:, :, SpendLine.INTERVENTION_OTHER]
    assert np.abs(residual).max() < 1
    cash = _compared(plain, dearer).others[0].extra_spend[:, :, SpendLine.INTERVENTION_OTHER]
    assert cash[:, :12].max() == 0
    assert cash[:, -1].min() > 100


def test_what_somebody_set_stands_and_other_prices_are_those_of_the_draw(out: Path) -> None:
    drawn = ensemble_of(inflation__fostering=[1.0, 3.0], inflation__other=[2.0, 4.0])
    scenario = replace(small(3_000, 1, inflation__other=0.5), ensemble=drawn)
    rises = inflation_of(run(scenario, replications=4, seed=7, out=out, jobs=1))
    assert list(rises[:, SpendLine.FOSTERING]) == [1, 1, 3, 3]
    assert list(rises[:, SpendLine.INTERVENTION_OTHER]) == [0.5] * 4


def test_money_is_discounted_from_the_second_year_on(plain: Results, out: Path) -> None:
    more = run(small(8_000, YEARS, prevention__universal=123.7), replications=MANY, seed=7, out=out, jobs=1)
    flat, discounted = (_compared(plain, more, Terms(REAL, rate)).others[0] for rate in (0, 3.5))
    ratio = discounted.extra_spend[0, :, SpendLine.PREVENTION] / flat.extra_spend[0, :, SpendLine.PREVENTION]
    assert ratio[:12] == pytest.approx(1)
    assert ratio[12:24] == pytest.approx(1 / 1.035)
    assert ratio[24:] == pytest.approx(1 / 1.035**2)


def test_every_pound_of_net_cost_is_paid_by_budget_reserves_or_deficit(
    plain: Results, sound: Results, out: Path
) -> None:
    given = run(small(8_000, YEARS, prevention__universal=123.7), replications=MANY, seed=7, out=out, jobs=1)
    paid = _compared(plain, given).others[0].financing
    assert sum(paid.paid_by(payer) for payer in PAYERS) == pytest.approx(paid.net_cost)
    # A scenario that adds prevention is given the money: 50 pounds a child a year, of some 8,000 children.
    assert paid.budget == pytest.approx(np.full(MANY, 50 * 8_000 * YEARS / 1e6), rel=0.05)
    lean = small(8_000, YEARS, budget__total=500, budget__reserves=LASTING)
    poor = run(lean, replications=MANY, seed=7, out=out, jobs=1)
    # No more is owed than a part of one's own budget, so a reference that owes too may owe more: this one does not.
    assert first_in_deficit(sound) is None
    assert (reserves_of(sound) > 0).all()
    other = _compared(sound, poor).others[0].financing
    assert sum(other.paid_by(payer) for payer in PAYERS) == pytest.approx(other.net_cost)
    assert (other.budget < 0).all()
    assert (other.deficit >= 0).all()
    assert other.deficit.max() > 0
    assert first_in_deficit(poor) is not None
    assert reserves_of(poor).shape == (MANY, YEARS + 1)


def test_what_is_to_be_paid_back_counts_against_reserves(plain: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    owed = replace(plain, tables={**plain.tables, "count": np.zeros_like(plain.tables["count"])})
    owed.tables["count"][:, 23, 5] = 2e6
    monkeypatch.setattr("demandsim.results.financing._OWED", None)
    before = reserves_of(plain)
    monkeypatch.setattr("demandsim.results.financing._OWED", 5)
    assert reserves_of(owed)[:, 1] == pytest.approx(before[:, 1] - 2)
    assert reserves_of(owed)[:, 2] == pytest.approx(before[:, 2])


def test_what_the_rest_of_the_council_pays_is_no_budget(plain: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    relieved = replace(plain, tables={**plain.tables, "count": np.zeros_like(plain.tables["count"])})
    relieved.tables["count"][:, 11, 5] = 9e6  # before the start
    relieved.tables["count"][:, 23, 5] = 2e6
    monkeypatch.setattr("demandsim.results.financing._RELIEVED", 5)
    monkeypatch.setattr("demandsim.results.financing._OWED", None)
    before = replace(plain, tables={**plain.tables, "count": np.zeros_like(plain.tables["count"])})
    paid = _compared(before, relieved).others[0]
    assert paid.financing.council == pytest.approx(np.full(MANY, 2.0))
    assert paid.financing.budget == pytest.approx(np.full(MANY, -2.0))
    words = payers_words(paid, YEARS)
    assert words.startswith(
        "The budget is £2.00 million smaller. Spend does not fall by as much: the difference is paid by the rest of the"
    )


def test_words_say_what_it_costs_who_pays_and_that_it_does_not_pay_back(sound: Results, out: Path) -> None:
    more = small(8_000, YEARS, prevention__universal=123.7, budget__reserves=LASTING)
    given = run(more, replications=MANY, seed=7, out=out, jobs=1)
    comparison = _compared(sound, given, Terms(REAL, 3.5))
    other = comparison.others[0]
    words = net_cost_words(comparison, other, YEARS)
    assert words.startswith("It costs £1.")
    assert "more by the end of 2015-16 (90% interval £" in words
    assert words.endswith("prices of 2013-14, discounted at 3.5% a year to 2013-14)")
    assert payers_words(other, YEARS).startswith("Paid by a larger budget (£1.")
    assert payback_words(comparison, other) == "It does not pay back by the end of 2015-16 in any of 4 replications."
    left = reserves_words(comparison, other, YEARS)
    assert left.startswith(
        "Reserves last in most replications. 0% of replications are in deficit at the end of 2015-16 "
    )
    assert "(reference: 0%). The median is reserves of £" in left
    assert "more on prevention (£1." in lines_words(other, YEARS)


@pytest.mark.parametrize(("drawn", "named"), [([0.9, 1.0, 1.0, 1.1], True), ([-9.0, 13.0, -9.0, 9.0], False)])
def test_nobody_is_said_to_pay_whose_part_is_not_told_apart_from_none(
    plain: Results, monkeypatch: pytest.MonkeyPatch, drawn: list[float], named: bool
) -> None:
    assert _paid(plain, monkeypatch, deficit=drawn) == ("Paid by a larger deficit (£1.00 million)." if named else "")


def _paid(plain: Results, monkeypatch: pytest.MonkeyPatch, **parts: list[float]) -> str:
    """Return who pays, where each payer pays so much in each of four replications, and others nothing."""
    paid = {payer.id: np.array(parts.get(payer.id, [0.0] * MANY)) for payer in PAYERS}
    financing = Financing(plain, plain)
    financing.__dict__.update(paid, net_cost=sum(paid.values()))
    monkeypatch.setattr(Against, "financing_to", lambda self, years: financing)
    return payers_words(_compared(plain, plain).others[0], YEARS)


def test_parts_of_who_pays_add_up_to_the_cost(plain: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    unsure = [-4.0, 12.0, -2.0, 6.0]
    some = _paid(plain, monkeypatch, deficit=[0.9, 1.0, 1.0, 1.1], reserves=unsure)
    assert some == "Paid by a larger deficit (£1.00 million); who has paid the other £3.00 million is not told."
    none = _paid(plain, monkeypatch, council=[6.0, -4.0, 6.0, -4.0], reserves=[-4.0, 6.0, -4.0, 6.0])
    assert none == "Who pays is not told: chance could make each part."
    kept = _paid(plain, monkeypatch, budget=[-5.0] * MANY, deficit=[1.0] * MANY, reserves=unsure)
    assert kept.endswith("paid by a larger deficit (£1.00 million); who has paid the other £3.00 million is not told.")


def test_an_answer_by_an_earlier_year_has_the_money_of_that_year(sound: Results, out: Path) -> None:
    more = small(8_000, YEARS, prevention__universal=123.7, budget__reserves=LASTING)
    comparison = _compared(sound, run(more, replications=MANY, seed=7, out=out, jobs=1))
    (other,) = comparison.others
    first = other.financing_to(1)
    assert sum(first.paid_by(payer) for payer in PAYERS) == pytest.approx(other.net_cost.at_year(1))
    assert first.net_cost == pytest.approx(other.net_cost.at_year(1))
    assert first.budget.mean() == pytest.approx(other.financing.budget.mean() / YEARS, rel=0.2)
    text = answer(comparison, other, comparison.years[0])
    assert "by the end of 2013-14 (90%" in text
    assert "in deficit at the end of 2013-14" in text
    assert "does not pay back by the end of 2015-16" in text


def test_a_smaller_budget_says_who_pays_for_what_it_does_not_save(plain: Results, out: Path) -> None:
    poor = run(small(8_000, YEARS, budget__total=550), replications=MANY, seed=7, out=out, jobs=1)
    comparison = _compared(plain, poor)
    left = reserves_words(comparison, comparison.others[0], YEARS)
    assert left.startswith("Reserves have run out in half the replications by the end of 201")
    assert "; in the reference " in left
    assert "% of replications are in deficit at the end of 2015-16 (reference: " in left
    assert "The median is a deficit of £" in left
    words = payers_words(comparison.others[0], YEARS)
    assert words.startswith("The budget is £2.")
    assert "Spend does not fall by as much: the difference is paid by" in words
    assert "reserves (£" in words


def _paying_back(monkeypatch: pytest.MonkeyPatch, plain: Results, rows: list[list[float]]) -> str:
    comparison = _compared(plain, plain)
    monkeypatch.setitem(comparison.others[0].__dict__, "net_cost", _cost(rows))
    return payback_words(comparison, comparison.others[0])


def test_payback_is_told_as_none_as_all_or_as_a_share(plain: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    never, late = [9.0] * 36, [9.0] * 35 + [-1.0]
    within = "pay back by the end of 2015-16 in"
    assert _paying_back(monkeypatch, plain, [never] * 200) == f"It does not {within} any of 200 replications."
    rarely = _paying_back(monkeypatch, plain, [never] * 199 + [late])
    assert rarely == f"It {within.replace('pay', 'pays')} 1 of 200 replications."
    less = _paying_back(monkeypatch, plain, [never] * 6 + [late] * 4)
    assert less == f"It {within.replace('pay', 'pays')} 40% of 10 replications: it is likelier not to."
    assert _paying_back(monkeypatch, plain, [late] * 9) == "It pays back by the end of 2015-16 in all 9 replications."


def test_lines_that_are_not_named_are_told_in_sum(plain: Results) -> None:
    other = _compared(plain, plain).others[0]
    extra = np.zeros((MANY, 12 * YEARS, SpendLine.words.size))
    extra[:, 0, SpendLine.PREVENTION] = 22.4e6
    extra[:, 0, SpendLine.RESIDENTIAL] = -1.7e6
    extra[:, 0, SpendLine.SOCIAL_WORK] = -0.9e6
    other.__dict__["extra_spend"] = extra
    assert lines_words(other, YEARS) == (
        "Spend: more on prevention (£22.4 million); less on residential (£1.70 million); and £0.90 million less on "
        "other lines."
    )


def test_cash_prices_are_called_so_only_where_prices_rise(plain: Results, dearer: Results) -> None:
    assert _compared(plain, dearer).money_words == "cash prices of each year, not discounted"
    assert _compared(plain, dearer, Terms(REAL)).money_words == "prices of 2013-14, not discounted"
    assert _compared(plain, plain).money_words == "prices of 2013-14, not discounted"


def test_a_comparison_is_read_back_from_its_folder(plain: Results, dearer: Results, out: Path) -> None:
    folder = keep(_compared(plain, dearer, Terms(REAL, 3.5)), out)
    kept = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert kept["runs"] == [f"../{plain.folder.name}", f"../{dearer.folder.name}"]
    found = read_comparison(folder)
    assert found.terms == Terms(REAL, 3.5)
    assert found.others[0].run.manifest == dearer.manifest
    assert keep(_compared(plain, dearer), out) != folder


def test_a_damaged_comparison_is_refused_and_so_is_one_whose_run_is_gone(plain: Results, tmp_path: Path) -> None:
    with_more = compare(
        small(3_000, 1), small(3_000, 1, demand__level=1.2), replications=2, years=1, out=tmp_path, jobs=1
    )
    folder = keep(with_more, tmp_path)
    gone = with_more.others[0].run.folder
    gone.rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="no such folder"):
        read_comparison(folder)
    (folder / "money.csv").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"money\.csv is not as it was written"):
        read_comparison(folder)


def test_net_benefit_is_what_care_years_are_worth_less_the_net_cost_discounted_alike(
    plain: Results, dearer: Results, out: Path
) -> None:
    given = run(small(8_000, YEARS, prevention__universal=123.7), replications=MANY, seed=7, out=out, jobs=1)
    worth = Terms(care_year_value=60_000)
    other = _compared(plain, given, worth).others[0]
    expected = (60_000 * other.care_years_avoided - other.cumulative[:, -1]) / 1e6
    assert other.net_benefit == pytest.approx(expected)
    assert net_benefit_words(_compared(plain, given).others[0]) == ""
    words = net_benefit_words(other)
    assert words.startswith("At £60,000 a care-year avoided, its net benefit is ")
    assert net_benefit_words(other, "2015-16") == f"To the end of 2015-16, at{words[2:]}"
    sooner, *_, last = _compared(plain, given, worth).years
    assert ". At £60,000 a care-year avoided" in answer(_compared(plain, given, worth), other, last)
    assert ", at £60,000 a care-year avoided" in answer(_compared(plain, given, worth), other, sooner)
    assert words.endswith("% of replications).")
    later = _compared(plain, given, Terms(REAL, 3.5, 60_000)).others[0]
    months = later._care_years
    counts = np.repeat([1.0, 1 / 1.035, 1 / 1.035**2], 12)
    assert later.net_benefit == pytest.approx((60_000 * months @ counts - later.cumulative[:, -1]) / 1e6)
    # It has a folder of its own, and is read back.
    folder = keep(_compared(plain, dearer, worth), out)
    assert read_comparison(folder).terms == worth
    assert folder != keep(_compared(plain, dearer), out)
    assert "net benefit at £60,000 a care-year" in (folder / "who_pays.csv").read_text(encoding="utf-8-sig")

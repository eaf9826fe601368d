"""England as its authorities side by side: each with random draws of its own, spread as published, added up exactly."""

from __future__ import annotations

import csv
import statistics
from pathlib import Path

import numpy as np
import pytest
from conftest import small

from demandsim.draws import replication_key
from demandsim.evidence import register
from demandsim.experiment.differences import RATES, Array, Difference, differences, factors
from demandsim.experiment.england import AUTHORITIES, authority
from demandsim.experiment.run import run
from demandsim.model.simulate import simulate
from demandsim.plots.over_time import stocks
from demandsim.problems import UserError
from demandsim.records import JUDGEMENTS, Count, Stock
from demandsim.results.measures import MEASURES
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario

#: Lowest, middle and highest referral rate for each 10,000 children in 2013-14.
SPREAD = [float(register()[figure].value) for figure in ("K014", "K016", "K015")]
MEAN = 657_800 / 11_478_000 * 1e4
#: Measures of the rates that practice changes, in the order of `RATES`.
MEASURED = ("referrals", "children_in_need", "enquiries", "plans", "looked_after")
THRESHOLD = "contact.referral_threshold"
#: Places of the first authorities among all, by threshold factor.
THRESHOLDS = [131, 90, 49, 9, 120, 79, 38, 150]


def test_levels_practice_and_prices_keep_the_mean_and_referrals_have_the_published_spread() -> None:
    every = differences(AUTHORITIES)
    assert len(every) == 152
    assert statistics.fmean(one.level for one in every) == pytest.approx(1, abs=1e-12)
    for place in range(len(RATES)):
        assert statistics.fmean(one.level * one.rates[place] for one in every) == pytest.approx(1, abs=1e-12)
    assert statistics.fmean(one.level * one.price for one in every) == pytest.approx(1, abs=1e-12)
    rates = [MEAN * one.level * one.rates[0] for one in every]
    assert [min(rates), statistics.median(rates), max(rates)] == pytest.approx(SPREAD, rel=0.05)


def test_what_differs_between_authorities_has_nothing_to_do_with_one_another() -> None:
    every = differences(AUTHORITIES)
    told = [[np.log(one.level), one.threshold, np.log(one.price)] for one in every]
    assert np.abs(np.corrcoef(np.transpose(told)) - np.eye(3)).max() < 0.08
    assert np.abs(np.corrcoef(factors(AUTHORITIES)) - np.eye(7)).max() < 0.08
    assert np.diff([one.level for one in every]).min() > 0


def test_an_authority_is_the_same_one_always() -> None:
    before = differences(AUTHORITIES)
    differences.cache_clear()
    assert differences(AUTHORITIES) == before
    thresholds = [one.threshold for one in before]
    assert [sorted(thresholds).index(one) for one in thresholds[:8]] == THRESHOLDS


def test_rates_are_spread_and_go_together_about_as_published() -> None:
    rates = np.log([[one.level * rate for rate in one.rates] for one in differences(AUTHORITIES)])
    published = [float(register()[row].value) for row in ("K017", "K018", "K019", "K019", "K019")]
    assert rates.std(axis=0) == pytest.approx(published, rel=0.15)
    together = np.corrcoef(rates.T)
    pairs = together[np.triu_indices(len(RATES), 1)]
    lowest, highest, shared = (float(register()[row].value) for row in ("K020", "K021", "K022"))
    assert pairs.min() == pytest.approx(lowest, abs=0.1)
    assert pairs.max() == pytest.approx(highest, abs=0.1)
    assert 100 * np.linalg.eigvalsh(together)[-1] / len(RATES) == pytest.approx(shared, abs=6)


def test_an_authority_changes_what_a_scenario_says_and_what_held_before_the_start() -> None:
    usual, cut = read_scenario("baseline"), read_scenario("austerity_10", ["care.readiness=2"])
    higher = read_scenario("higher_thresholds")
    ours, ours_cut, ours_higher = (authority(one, 5, AUTHORITIES) for one in (usual, cut, higher))
    for name, scenario, changed in (("budget.total", cut, ours_cut), ("care.readiness", cut, ours_cut)):
        factor = ours.at_start()[name] / usual.at_start()[name]
        assert abs(factor - 1) > 0.02
        assert changed.at_start()[name] == pytest.approx(factor * scenario.at_start()[name])
        assert changed.history()[name] == pytest.approx(factor * usual.history()[name])
        path, was = (dict(one.paths().get(name, ())) for one in (changed, scenario))
        assert path == pytest.approx({day: factor * value for day, value in was.items()})
    shift = ours.at_start()[THRESHOLD] - usual.at_start()[THRESHOLD]
    assert abs(shift) > 0.05
    assert ours_higher.at_start()[THRESHOLD] == pytest.approx(shift + higher.at_start()[THRESHOLD])
    assert ours_higher.history()[THRESHOLD] == pytest.approx(shift + usual.history()[THRESHOLD])


def test_prices_are_money_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for price in (1.0, 2.0):
        one = Difference(level=1.0, threshold=0.0, price=price, rates=(1.0,) * len(RATES))
        monkeypatch.setattr(
            "demandsim.experiment.england.differences", lambda authorities, one=one: (one,) * authorities
        )
        found.append(simulate(authority(small(20_000), 1, 1), 1, 0)[0])
    usual, dear = found
    pounds = [Count.OWED, Count.RELIEVED, Count.PREVENTION_CUT]
    # The ledger is in whole pence, which round once more where all is twice as dear.
    assert dear["count"][:, pounds] == pytest.approx(2 * usual["count"][:, pounds], rel=2e-5, abs=0.1)
    assert np.array_equal(np.delete(usual["count"], pounds, axis=1), np.delete(dear["count"], pounds, axis=1))
    assert dear["spend"] == pytest.approx(2 * usual["spend"], rel=2e-5, abs=0.1)


@pytest.fixture(scope="module")
def some() -> tuple[list[Difference], Array]:
    """Return how sixteen authorities differ, from the lowest threshold factor to the highest, and their rates."""
    every = differences(AUTHORITIES)
    numbers = sorted(range(1, AUTHORITIES + 1), key=lambda number: every[number - 1].threshold)[4::9]
    found = []
    for number in numbers:
        tables, _ = simulate(authority(small(20_000), number, AUTHORITIES), 1, 0, authority=number)
        year = Year({name: table[np.newaxis] for name, table in tables.items()}, 1)
        found.append([MEASURES[name].of(year)[0] for name in MEASURED])
    return [every[number - 1] for number in numbers], np.log(found)


def test_simulated_rates_follow_practice(some: tuple[list[Difference], Array]) -> None:
    different, rates = some
    practice = np.log([one.rates for one in different])
    rates = rates - np.log([one.level for one in different])[:, np.newaxis]
    for place, name in enumerate(MEASURED):
        slope = np.polyfit(practice[:, place], rates[:, place], 1)[0]
        assert slope == pytest.approx(1, abs=0.3), name


def test_simulated_rates_do_not_all_go_together(some: tuple[list[Difference], Array]) -> None:
    together = np.corrcoef(some[1].T)
    assert together.min() < 0.75
    ratio = some[1][:, -1] - some[1][:, 0]
    assert ratio.std(ddof=1) > 0.25


def test_simulated_referral_rates_reach_the_published_extremes() -> None:
    england = small(30_000)
    rates = []
    order = sorted(range(AUTHORITIES), key=lambda place: _referrals(differences(AUTHORITIES)[place]))
    for place in (order[0], order[-1]):
        tables, _ = simulate(authority(england, place + 1, AUTHORITIES), 1, 0, authority=place + 1)
        rates.append(tables["count"][12:, Count.REFERRAL].sum() / 30_000 * 1e4)
    assert rates == pytest.approx([SPREAD[0], SPREAD[2]], rel=0.12)


def _referrals(one: Difference) -> float:
    return one.level * one.rates[0]


def test_every_authority_has_luck_of_its_own_and_one_alone_what_it_had() -> None:
    keys = {replication_key(seed, number, one) for seed in (1, 2) for number in (0, 1) for one in range(5)}
    assert len(keys) == 20
    assert replication_key(2014, 3) == replication_key(2014, 3, 0)


def test_england_is_the_sum_of_its_authorities_whoever_simulates_them(tmp_path: Path) -> None:
    scenario = small(3_000)
    england = run(scenario, replications=2, seed=5, out=tmp_path / "one", jobs=1, authorities=3)
    for name, pooled in england.tables.items():
        for replication in range(2):
            parts = [
                simulate(authority(scenario, number, 3), 5, replication, authority=number)[0] for number in (1, 2, 3)
            ]
            assert np.array_equal(pooled[replication], sum(part[name].astype(float) for part in parts)), name
    assert england.manifest.scale_to_england == pytest.approx(11_478_000 / 9_000)
    assert england.folder.name.startswith("england-baseline-")

    other = run(scenario, replications=2, seed=5, out=tmp_path / "two", authorities=3, jobs=2)
    for path in england.folder.iterdir():
        assert path.read_bytes() == (other.folder / path.name).read_bytes(), path.name


def test_the_table_of_authorities_adds_up_to_england(tmp_path: Path) -> None:
    england = run(small(3_000), replications=1, seed=5, out=tmp_path, jobs=1, authorities=3)
    text = (england.folder / "authorities.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["replication"], row["authority"], row["year"]) for row in rows] == [
        ("0", str(number), "2013-14") for number in (1, 2, 3)
    ]
    for heading, name in (("level", "level"), ("threshold factor", "threshold"), ("price level", "price")):
        differs = [getattr(one, name) for one in differences(3)]
        assert [float(row[heading]) for row in rows] == pytest.approx(differs, abs=1e-4), heading
    judged = [row["judgement on 31 March"] for row in rows]
    for place, label in enumerate(JUDGEMENTS):
        assert judged.count(label) == Year(england.tables, 1).stock(Stock.JUDGED + place)[0]
    text = (england.folder / "judgements.csv").read_text(encoding="utf-8-sig")
    (spread,) = csv.DictReader(text.splitlines())
    assert {label: judged.count(label) for label in JUDGEMENTS} == {label: int(spread[label]) for label in JUDGEMENTS}
    for name in ("referrals", "looked_after", "spend_intervention"):
        measure = MEASURES[name]
        whole = measure.of(Year(england.tables, 1))[0]
        parts = [float(row[f"{measure.label} ({measure.unit})"]) for row in rows]
        assert sum(parts) == pytest.approx(whole, rel=1e-4)


def test_spells_of_all_england_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--spells"):
        run(small(3_000), out=tmp_path, jobs=1, spells=True, authorities=3)


def test_the_summary_says_whether_it_is_of_one_authority_or_of_england(tmp_path: Path) -> None:
    done = [
        run(small(3_000), replications=1, seed=5, out=tmp_path, jobs=1, authorities=authorities)
        for authorities in (0, 3)
    ]
    texts = [(each.folder / "summary.csv").read_text(encoding="utf-8-sig") for each in done]
    every = [csv.DictReader(text.splitlines()) for text in texts]
    one, england = (next(row for row in rows if row["measure"] == "referrals") for rows in every)
    assert float(one["England mean"]) == pytest.approx(float(one["authority mean"]) * 11_478_000 / 3_000, rel=1e-4)
    whole = float(england["England as simulated mean"])
    assert float(england["England mean"]) == pytest.approx(whole * 11_478_000 / 9_000, rel=1e-4)
    assert not [heading for heading in england if "authority" in heading]
    assert not [heading for heading in one if "simulated" in heading]
    assert [stocks(each).rows[0][-1] for each in done] == ["published (for its size)", "published"]

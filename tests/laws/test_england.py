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
from demandsim.experiment.england import AUTHORITIES, authority, levels
from demandsim.experiment.run import run
from demandsim.model.simulate import simulate
from demandsim.plots.over_time import stocks
from demandsim.problems import UserError
from demandsim.records import JUDGEMENTS, Count, Stock
from demandsim.results.measures import MEASURES
from demandsim.results.year import Year

#: Lowest, middle and highest referral rate for each 10,000 children in 2013-14.
SPREAD = [float(register()[figure].value) for figure in ("K014", "K016", "K015")]
MEAN = 657_800 / 11_478_000 * 1e4


def test_levels_keep_the_mean_and_have_the_published_spread() -> None:
    ratios = levels(AUTHORITIES)
    assert len(ratios) == 152
    assert statistics.fmean(ratios) == pytest.approx(1, abs=1e-12)
    rates = [MEAN * ratio for ratio in ratios]
    assert [min(rates), statistics.median(rates), max(rates)] == pytest.approx(SPREAD, rel=0.05)


def test_simulated_referral_rates_reach_the_published_extremes() -> None:
    england = small(30_000)
    rates = []
    for number in (1, AUTHORITIES):
        tables, _ = simulate(authority(england, number, AUTHORITIES), 1, 0, authority=number)
        rates.append(tables["count"][12:, Count.REFERRAL].sum() / 30_000 * 1e4)
    assert rates == pytest.approx([SPREAD[0], SPREAD[2]], rel=0.12)


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
    assert [float(row["level"]) for row in rows] == pytest.approx(levels(3), abs=1e-4)
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

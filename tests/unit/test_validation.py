"""Validation: which rows can show anything, how gaps are judged, and figures that users supply."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, ensemble_of, small

from demandsim.evidence import targets
from demandsim.experiment.validate import Validation, _judged_in, validate
from demandsim.problems import UserError
from demandsim.results.actuals import Actual, read_actuals
from demandsim.results.fit_rows import read_targets
from demandsim.results.forecasts import Forecast, covered, forecasts, official, skills
from demandsim.results.judged import Verdict
from demandsim.results.validation import Block, counts, told_of_intervals, verdicts
from demandsim.scenario.ensemble import with_ensemble
from demandsim.scenario.read import read_scenario


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Validation:
    later = (Actual("referrals", "2015-16", 700_000.0),)
    return validate(small(5_000), later, replications=3, out=tmp_path_factory.mktemp("results"), jobs=1)


def test_every_target_of_the_years_simulated_is_there_once_and_in_its_block(found: Validation) -> None:
    tally = {block: sum(row.block == block for row in found.rows) for block in Block}
    assert tally[Block.FITTED] == 61
    circular = {row.id for row in found.rows if row.block == Block.CIRCULAR}
    assert circular == {"T09", "T38", "T41", "T46", "T48", "T49", "T50", "T51", "T52", "T53"} | {
        "T57",
        "T58",
        "T59",
        "T61",
        "T62",
        "T63",
        "T65",
        "T66",
        "T71",
        "T73",
        "T74",
        "T75",
        "T80",
    }
    # Of a target with several rows those alone whose very figures inputs were set from.
    growth = {row.line.measure.id for row in found.rows if row.id == "T53" and row.block == Block.CIRCULAR}
    assert growth == {"growth_referrals", "growth_enquiries"}
    basis = {row.line.measure.id for row in found.rows if row.id == "T71" and row.block == Block.CIRCULAR}
    assert basis == {"care_started_remand"}
    reach = {row.line.measure.id for row in found.rows if row.id == "T75" and row.block == Block.CIRCULAR}
    assert reach == {"ever_referred"}
    assert {row.line.year for row in found.rows if row.block == Block.FORECAST} == {"2014-15"}
    assert len({(row.id, row.line.measure.id, row.line.year) for row in found.rows}) == len(found.rows)


def test_an_interval_of_a_row_without_a_tolerance_counts_neither_way(found: Validation) -> None:
    judged = [row for row in found.rows if row.target.tolerance is not None][:4]
    reported = [row for row in found.rows if row.target.tolerance is None][:3]
    assert len(reported) == 3
    held = sum(row.estimate.low <= row.target.value <= row.estimate.high for row in judged)
    assert told_of_intervals([*judged, *reported], "given") == f"{held} of 4 90% intervals hold the given value."
    assert told_of_intervals(reported, "given") == "No interval is judged, as no tolerance is set."


def test_a_fit_leaves_circular_what_was(tmp_path: Path) -> None:
    path = tmp_path / "fitted.toml"
    fitted = '[set."demand.new_families"]\nvalue = 160\nbasis = "fitted"\nbecause = "fitted by calibrate"\n'
    path.write_text(f'[scenario]\ntitle = "A fit"\nextends = "baseline"\n\n{fitted}', encoding="utf-8")
    scenario = read_scenario(path)
    assert scenario.settings["demand.new_families"].source == "fitted by calibrate"
    assert scenario.circular_targets() == read_scenario("baseline").circular_targets()


def test_no_fitted_value_names_a_target_that_is_held_out() -> None:
    """What was held out and fitted all the same would be called a test that it is not."""
    held_out = {row["id"] for row in _targets() if row["use"] == "validate"}
    for name, setting in read_scenario("baseline").settings.items():
        if setting.basis == "fitted":
            fitted_to = setting.source.split("circular:")[0]  # a row called circular is not called a test
            assert not [one for one in held_out if one in fitted_to], (name, setting.source)


def _targets() -> list[dict[str, str]]:
    import csv

    with (ROOT / "src/demandsim/evidence/targets.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_a_gap_is_judged_by_the_tolerance_of_its_own_target(found: Validation) -> None:
    empty = set()
    for row in found.rows:
        target = row.line.target
        assert target is not None
        if target.tolerance is None:
            assert row.word == "not judged"
            continue
        if np.isnan(row.line.england.mean):
            # Of nobody inspected there are no shares, and nothing to judge.
            assert (row.word, row.verdict, row.part, row.needed) == ("-", None, None, None), row
            empty.add(row.id)
            continue
        gap, error = abs(row.line.england.mean - target.value), row.line.england.error
        inside, outside = gap + error <= target.tolerance, gap - error > target.tolerance
        assert row.word == ("inside" if inside else "outside" if outside else "not told apart yet"), row
        assert (row.needed is None) == (inside or outside), row
    assert empty <= {"T59"}
    # Three replications of a small authority tell few rows apart.
    assert {verdict for tally in counts(found.rows).values() for verdict in tally if tally[verdict]} == set(Verdict)


def test_an_authoritys_own_figures_are_judged_at_its_own_size(found: Validation, tmp_path: Path) -> None:
    mean = next(row.line for row in found.rows if row.line.measure.id == "referrals").authority.mean
    path = tmp_path / "ours.csv"
    path.write_text(
        "id,measure,value,scale,year,tolerance,tolerance_unit,use,source,note\n"
        f"L1,referrals,{mean:.1f},authority,2013-14,50,%,calibrate,ours,\n"
        f"L2,plans,{mean:.1f},authority,2013-14,5,%,validate,ours,\n"
        f"L3,contacts,{mean:.1f},authority,2015-16,5,%,validate,ours,\n",
        encoding="utf-8",
    )
    rows = verdicts(found.results, frozenset(), read_targets(path))
    assert [(row.id, row.block, row.verdict) for row in rows] == [
        ("L1", Block.FITTED, Verdict.INSIDE),
        ("L2", Block.HELD_OUT, Verdict.OUTSIDE),
        # Of a later year, but with a tolerance to be judged by.
        ("L3", Block.HELD_OUT, Verdict.OUTSIDE),
    ]


def test_later_years_are_run_as_far_as_there_are_figures_and_set_beside_naive_forecasts(found: Validation) -> None:
    assert found.results.year_labels()[-1] == "2026-27"
    mine = next(row for row in found.later if row.actual.year == "2015-16")
    assert mine.last == 657_800
    assert mine.growth == pytest.approx(657_800 * (657_800 / 593_500) ** 2)
    assert mine.low < mine.mean < mine.high
    assert {row.actual.year for row in found.later} == {"2014-15", "2015-16"}


@pytest.mark.parametrize(("start", "last"), [(2013, 2026), (2012, 2026), (2014, 2014)])
def test_a_run_goes_as_far_as_a_target_can_be_judged_and_no_further(start: int, last: int) -> None:
    """What a whole childhood comes to is known in the fourteenth year, not in the year of a figure that is sooner."""
    years = _judged_in(targets(), start)
    assert max([start, *years]) == last


def test_over_an_ensemble_the_intervals_of_later_years_and_of_every_row_hold_the_parameters(tmp_path: Path) -> None:
    ensemble = ensemble_of(contact__rate=[0.45, 0.55, 0.65, 0.75] * 3)
    drawn = validate(with_ensemble(small(5_000), ensemble), replications=24, out=tmp_path, jobs=2)
    manifest = drawn.results.manifest
    assert manifest.members == 12
    # What a childhood comes to is not judged: draws hold what is not known of demand's growth until then.
    assert drawn.results.year_labels()[-1] == "2014-15"
    fixed = replace(drawn.results, manifest=replace(manifest, members=0))
    for one, other in zip(drawn.later, forecasts(fixed, official()), strict=True):
        assert one.mean == other.mean
        if one.actual.measure == "referrals":
            # Taken for chance alone, what the parameters make would even out among authorities.
            assert one.high - one.low > 2 * (other.high - other.low)
    row = next(row.line.england for row in drawn.rows if row.line.measure.id == "referrals")
    assert row.parameters > row.chance > 0
    alone = next(row.line.england for row in verdicts(fixed, ()) if row.line.measure.id == "referrals")
    assert np.isnan(alone.parameters)
    assert row.high - row.low > 2 * (alone.high - alone.low)


def test_forecasts_are_compared_over_figures_that_both_make_and_shares_apart_from_the_others() -> None:
    rows = [
        Forecast(Actual("referrals", "2014-15", 100.0), 90, 110, 130, 95, 120),
        Forecast(Actual("fostered", "2014-15", 100.0), 99, 300, 400, 90, np.nan),
        Forecast(Actual("re_referrals", "2014-15", 20.0), 21, 22, 23, 20, 19),
        Forecast(Actual("adoptions", "2014-15", 0.0), 1, 2, 3, 1, 1),
        Forecast(Actual("plans", "2014-15", 50.0), np.nan, np.nan, np.nan, 50, 50),
    ]
    counts, shares = skills(rows)
    assert (counts.unit, counts.many, counts.growing) == ("per cent", 2, 1)
    # A figure whose growth nobody knows counts all the same against the last value.
    assert (counts.model, counts.last, counts.width) == pytest.approx((105, 7.5, (40 + 301) / 2))
    assert (counts.model_growing, counts.growth, counts.apart) == pytest.approx((10, 20, 25))
    assert (shares.unit, shares.many, shares.model, shares.last, shares.growth) == ("points", 1, 2, 0, 1)
    assert covered(rows) == pytest.approx(2 / 4)


def test_figures_of_users_are_read_strictly_and_every_fault_is_said(tmp_path: Path) -> None:
    path = tmp_path / "later.csv"
    path.write_text(
        "measure,year,value\nlooked_after,2014-15,69540\nlookd_after,2014-15,1\nplans,2014,5\nplans,2015-16,1,200\n"
        "plans,2015-16,-3\nlooked_after,2014-15,69540\nplans,2016-17,many\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError) as error:
        read_actuals(path)
    assert [problem.key for problem in error.value.problems] == [f"line {line}" for line in range(3, 9)]
    assert "did you mean 'looked_after'" in error.value.problems[0].found

    path.write_text("year,measure,value\n", encoding="utf-8")
    with pytest.raises(UserError, match="measure,year,value"):
        read_actuals(path)


@pytest.mark.parametrize("year", ["2011-12", "2010-11", "2043-44"])
def test_a_year_that_is_not_simulated_cannot_be_forecast(tmp_path: Path, year: str) -> None:
    with pytest.raises(UserError, match=year):
        validate(small(5_000), (Actual("plans", year, 1.0),), out=tmp_path, jobs=1)


def test_the_year_before_the_start_is_not_forecast_and_tells_how_things_grew(tmp_path: Path) -> None:
    before, later = Actual("plans", "2012-13", 40.0), Actual("plans", "2014-15", 60.0)
    first = Actual("plans", "2013-14", 50.0)
    own = validate(small(2_000), (before, first, later), england=False, replications=2, out=tmp_path, jobs=1)
    (row,) = own.later
    assert row.actual == later
    assert row.last == 50.0
    assert row.growth == pytest.approx(62.5)


def test_nothing_grows_by_no_known_rate(tmp_path: Path) -> None:
    given = (
        Actual("adoptions", "2012-13", 0.0),
        Actual("adoptions", "2013-14", 5.0),
        Actual("adoptions", "2014-15", 6),
    )
    own = validate(small(2_000), given, england=False, replications=2, out=tmp_path, jobs=1)
    assert np.isnan(own.later[0].growth)

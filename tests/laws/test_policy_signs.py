"""The table of signs: what each policy must move, and which way.

Each row is measured in pairs with common random numbers, at the fitted values, after a stated number of years. A row
is *emergent* (nothing puts it in but how the parts work together), *implied* (an effect that was an input comes out) or
*either way* (then it is not here but in `reference/behaviour.md`, with what decides). "Up" and "down" are told by a
one-sided test at 5%; "same" by the 95% bound of the difference lying within a stated part of the level.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from demandsim.model.simulate import simulate
from demandsim.results.measures import MEASURES
from demandsim.results.year import Year
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario

PAIRS, SEED = 16, 2015
#: Fewer where a row is told by so many standard errors that it is by these as well: by six or more, or by five.
FEW, FEWER = 8, 6
#: Years that the reference is simulated for, as many as any row asks for: the first are the same however many follow.
LONGEST = 9
#: A fifth fewer posts than pay for the work.
SHORT = ("workforce.posts=17.8",)


#: Money enough that no spending control is applied.
RICH = ("budget.total=1200",)


class Sign(NamedTuple):
    """One row of the table: of a what-if, the measure, the year after the start, and which way it moves."""

    whatif: str
    changes: tuple[str, ...]
    measure: str
    moves: str
    year: int = 6
    setting: tuple[str, ...] = ()
    within: float = 0.0
    scenario: str = "baseline"
    tag: str = "emergent"
    pairs: int = PAIRS

    @property
    def name(self) -> str:
        return f"{self.whatif}: {self.measure} {self.moves}"


def _rows(whatif: str, changes: tuple[str, ...], *signs: str, **more: object) -> list[Sign]:
    """Return a row for each 'measure up', 'measure down' or 'measure same 2' (within 2%)."""
    found = []
    for sign in signs:
        measure, moves, *within = sign.split()
        size = float(within[0]) / 100 if within else 0.0
        found.append(Sign(whatif, changes, measure, moves, within=size, **more))  # type: ignore[arg-type]
    return found


def _changed(name: str, by: float) -> str:
    value = read_scenario("baseline").settings[name].value
    assert isinstance(value, float | int)
    return f"{name}={value + by:.6g}"


def _times(by: float, *names: str) -> tuple[str, ...]:
    values = read_scenario("baseline").settings
    return tuple(f"{name}={float(values[name].value) * by:.6g}" for name in names)  # type: ignore[arg-type]


LENGTHS = ("need.short_days", "need.medium_days", "need.long_days", "need.step_down_days")
TABLE = [
    *_rows(
        "more referrals closed at once",
        (_changed("referral.no_action_threshold", 0.3),),
        "exposure up",
        "contacts_again up",
        "children_in_need down",
    ),
    *_rows(
        "contact threshold up",
        (_changed("contact.referral_threshold", 0.15),),
        "exposure up",
        "referrals down",
        pairs=FEW,
    ),
    *_rows(
        "gate lowered where posts are short",
        (_changed("contact.referral_threshold", -0.15),),
        "workload up",
        setting=SHORT,
        pairs=FEWER,
    ),
    *_rows(
        "need cases closed a quarter earlier", _times(0.75, *LENGTHS), "exposure up", "contacts_again up", pairs=FEW
    ),
    *_rows(
        "targeted help halved",
        ("prevention.targeted=29.6",),
        "exposure up",
        "care_started up",
        "looked_after up",
        "unserved up",
        tag="implied",
        pairs=FEW,
    ),
    *_rows(
        "targeted help doubled",
        ("prevention.targeted=118.4",),
        "exposure down",
        "care_started down",
        "looked_after down",
        tag="implied",
    ),
    *_rows(
        "universal help up by a half",
        ("prevention.universal=110",),
        "enquiries up",
        year=2,
        tag="implied",
        pairs=FEWER,
    ),
    *_rows(
        "more enquiries without more help",
        ("enquiry.readiness=1.2",),
        "plans_started up",
        "looked_after notdown 2",
        tag="implied",
        pairs=FEW,
    ),
    *_rows(
        "demand up by a fifth",
        ("demand.level=1.2",),
        "referrals up",
        "children_in_need up",
        "plans up",
        "looked_after up",
        pairs=FEWER,
    ),
    *_rows(
        "hours a third fewer",
        ("workforce.hours=870",),
        "exposure up",
        "contacts_again up",
        "severity_at_closure up",
        pairs=FEWER,
    ),
    *_rows(
        "turnover of 23% rather than 9%",
        ("workforce.turnover=0.23",),
        "exposure up",
        "contacts_again up",
        "severity_at_closure up",
        setting=("workforce.turnover=0.09",),
        pairs=FEW,
    ),
    *_rows("agency workers in every vacancy", ("workforce.agency_cover=1",), "spend_agency up", pairs=FEWER),
    *_rows(
        "directors change twice as often",
        # Contacts again go up too, which takes 160 pairs to tell: 0.09 points, with an error of 0.02.
        ("practice.director_changes=0.8",),
        "exposure up",
        "help_delivered down",
        tag="implied",
    ),
    *_rows(
        "recruitment takes half the time",
        ("workforce.recruitment_months=4.2",),
        "vacancy_rate down",
        tag="implied",
        pairs=FEWER,
    ),
    *_rows("better practice", ("practice.mix=[1,0,0]",), "exposure down", "contacts_again down", tag="implied"),
    *_rows(
        "partners withdraw",
        # Care either way: less help, and less harm seen.
        ("partners.strength=0.5",),
        "exposure up",
        "help_by_partners down",
        tag="implied",
        pairs=FEWER,
    ),
    *_rows(
        "partners agree on thresholds", ("partners.passed_on=0.5",), "contacts down", "exposure same 1", pairs=FEWER
    ),
    *_rows("half the noise in assessment", ("assessment.noise=0.5",), "unprotected_other down", "exposure down"),
    *_rows(
        "history in every assessment",
        ("assessment.history=1",),
        "unprotected_neglect down",
        "plans up",
        "exposure down",
        year=2,
        tag="implied",
    ),
    *_rows(
        "found inadequate",
        # Exposure either way: support improves practice, caution loads the team.
        ("inspection.inadequate_after=1",),
        "enquiries up",
        "spend_intervention up",
        "practice up",
        year=2,
        tag="implied",
        pairs=FEW,
    ),
    *_rows("directors who stay", ("practice.director_changes=0.1",), "practice up", "exposure down", tag="implied"),
    *_rows(
        "edge_of_care",
        (),
        "care_started down",
        "looked_after down",
        scenario="edge_of_care",
        tag="implied",
        pairs=FEWER,
    ),
    *_rows("reunification", (), "back_in_care down", year=9, scenario="reunification_support", tag="implied"),
    *_rows(
        "fewer foster places",
        ("placement.places=[18,14.2,6.2]", "placement.carers_recruited=0.05"),
        "first_choice_full up",
        "spend_looked_after up",
        "care_started same 4",
        # Where money is short the dearer places are paid for by cuts, and these do raise starts.
        setting=RICH,
        pairs=FEW,
    ),
    *_rows(
        "courts slower",
        ("court.weeks=44",),
        "looked_after up",
        "care_started same 2",
        tag="implied",
    ),
    *_rows(
        "twice the unaccompanied children",
        ("care.unaccompanied=1.3",),
        "looked_after up",
        "plans same 2",
        tag="implied",
    ),
    *_rows("overspend", (), "spend_prevention down", "unserved up", year=3, scenario="overspend", pairs=2 * PAIRS),
    *_rows(
        "programmes on open cases",
        (),
        "exposure down",
        scenario="programmes_on_open_cases",
        tag="implied",
        pairs=FEWER,
    ),
    *_rows(
        "an interview after every missing episode",
        ("missing.interviewed=1",),
        "exploitation_identified up",
        "missing_episodes down",
        "placement_moves down",
        tag="implied",
    ),
    *_rows(
        "three times as many over 20 miles away",
        ("distance.level=3",),
        "missing_episodes up",
        "placement_moves up",
        "workload up",
        # By way of going missing, exploitation and hours of travel.
        "exposure up",
    ),
    *_rows(
        "four times as many homes lose their manager",
        ("homes.manager_gaps=0.46",),
        "homes_without_manager up",
        "homes_judged_4 up",
        "childrens_homes down",
        tag="implied",
    ),
    *_rows(
        "everybody fostered until 18 stays put",
        ("leaver.staying_put=1",),
        "leavers_busy up",
        "leavers_suitable up",
        "spend_leaving_care up",
        "looked_after same 2",
        tag="implied",
    ),
    *_rows("targeted_cut", (), "exposure up", "care_started up", scenario="targeted_cut", tag="implied", pairs=FEW),
]


def _values(
    scenario: str, changes: tuple[str, ...], measure: str, year: int, pairs: int, years: int | None = None
) -> np.ndarray:
    """Return a measure of one year of every replication, which is simulated for that many years or for more."""
    simulated = LONGEST if (scenario, changes) == ("baseline", ()) else years or year
    runs = [_tables(scenario, changes, simulated, number) for number in range(pairs)]
    return np.array([float(MEASURES[measure].of(Year(tables, year))[0]) for tables in runs])


@cache
def _tables(scenario: str, changes: tuple[str, ...], years: int, number: int) -> dict[str, np.ndarray]:
    tables, _ = simulate(_read(scenario, changes, years), SEED, number)
    return {name: table[None] for name, table in tables.items()}


@cache
def _read(scenario: str, changes: tuple[str, ...], years: int) -> Scenario:
    return read_scenario(scenario, list(changes), years)


def _differences(row: Sign) -> tuple[np.ndarray, float]:
    level = _values("baseline", row.setting, row.measure, row.year, row.pairs)
    names = {change.partition("=")[0] for change in row.changes}
    kept = tuple(change for change in row.setting if change.partition("=")[0] not in names)
    changed = _values(row.scenario, (*kept, *row.changes), row.measure, row.year, row.pairs)
    return changed - level, float(np.nanmean(level))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_policy_moves_what_it_must(row: Sign) -> None:
    differences, level = _differences(row)
    mean, error = differences.mean(), differences.std(ddof=1) / row.pairs**0.5
    sigmas = stats.t.ppf(0.95, row.pairs - 1)
    if row.moves == "up":
        assert mean - sigmas * error > 0
    elif row.moves == "down":
        assert mean + sigmas * error < 0
    elif row.moves == "notdown":
        assert mean - sigmas * error > -row.within * level
    else:
        assert abs(mean) + stats.t.ppf(0.975, row.pairs - 1) * error < row.within * level


def test_where_nothing_is_changed_nothing_differs() -> None:
    differences, _ = _differences(Sign("nothing", (), "exposure", "same"))
    assert (differences == 0).all()


def test_help_leaves_those_alone_whom_no_family_help_reaches() -> None:
    for measure in ("care_remand", "care_unaccompanied"):
        differences, level = _differences(Sign("help", ("prevention.targeted=118.4",), measure, "same"))
        assert level > 0
        assert (differences == 0).all()


def test_each_further_pound_of_targeted_help_does_less() -> None:
    """By pounds spent; a place that nobody takes is not paid for. Money enough that no spending control is applied."""
    wider = ("contact.early_help_threshold=-0.5",)
    averted = []
    for times, more in ((0.5, ()), (2, ()), (4, wider)):
        changes = (f"prevention.targeted={59.2 * times:g}", *more)
        less, spent = (
            _differences(Sign("targeted", changes, measure, "", setting=RICH))[0].mean()
            for measure in ("exposure", "spend_prevention")
        )
        averted.append(-less / spent)
    halved, doubled, quadrupled = averted
    # What two in three get and what the third one gets is the same help, to children who are alike.
    assert doubled == pytest.approx(halved, rel=0.1)
    assert 0.2 * halved < quadrupled < 0.9 * halved


def test_help_stopped_for_two_years_and_restored_is_missed_for_longer(tmp_path: Path) -> None:
    stopped = tmp_path / "stopped.toml"
    stopped.write_text(
        '[scenario]\nformat = 2\ntitle = "Stopped"\nwhy = "A gap."\nextends = "baseline"\n[set."prevention.targeted"]\n'
        "path = [[2013-04-01, 59.2], [2013-04-02, 0], [2015-04-01, 0], [2015-04-02, 59.2]]\n"
        'because = "two years without"\n',
        encoding="utf-8",
    )
    gaps = []
    for year in (2, 3, 6):
        without, level = (_values(name, (), "exposure", year, PAIRS, 6) for name in (str(stopped), "baseline"))
        gaps.append((without - level).mean())
    # Help is back from the third year on; what it would have done is not.
    assert gaps[0] > gaps[1] > 0.25 * gaps[0]
    assert gaps[2] < 0.5 * gaps[0]

"""Re-referrals, second plans and returns to care come out of severity: without its hazards there are next to none."""

from __future__ import annotations

from collections import Counter

import pytest
from conftest import small, tables_of
from recount import Spells, ages

from demandsim.model.simulate import simulate
from demandsim.records import Count

#: Nobody known is contacted about again, harmed, or looked after without a case.
QUIET = {"contact__rate": 0, "contact__unrelated": 0, "harm__rate": 0, "care__outside": 0}


@pytest.mark.parametrize(
    ("part", "whole", "usual"),
    [
        (Count.RE_REFERRAL, Count.REFERRAL, 0.15),
        (Count.PLAN_REPEAT, Count.PLAN_STARTED, 0.08),
        (Count.CARE_AGAIN, Count.CARE_STARTED, 0.06),
    ],
)
def test_without_hazards_children_hardly_come_back(part: int, whole: int, usual: float) -> None:
    changes = {"care__after_home": 0, "start__planned": 0, "enquiry__concerns": 0, "need__step_down_days": 1}
    changes["care__orders_break_down"] = [0, 0]
    with_hazards = tables_of(small(children=40_000, years=2), 2)["count"][:, 12:].sum(axis=(0, 1))
    without = tables_of(small(children=40_000, years=2, **QUIET, **changes), 2)["count"][:, 12:].sum(axis=(0, 1))
    assert with_hazards[part] / with_hazards[whole] > usual
    assert without[part] / without[whole] < 0.02


def test_more_contacts_of_the_same_children_mean_more_re_referrals() -> None:
    shares = []
    for rate in (0.3, 0.6, 0.9):
        count = tables_of(small(children=40_000, contact__rate=rate), 2)["count"][:, 12:].sum(axis=(0, 1))
        shares.append(count[Count.RE_REFERRAL] / count[Count.REFERRAL])
    assert shares[0] < shares[1] < shares[2]


def test_no_label_of_a_closure_decides_who_comes_back() -> None:
    """Where severity decides nothing, a child closed after a plan is contacted about as often as one closed at once."""
    flat = {"contact__slope": 0.05, "contact__unrelated": 0, "harm__rate": 0}
    none, all_of_them = (
        tables_of(small(children=40_000, years=2, **flat, referral__no_action_threshold=threshold), 3)["count"][:, 12:]
        for threshold in (-8, 8)
    )
    again = [run[..., Count.CONTACT].sum() for run in (none, all_of_them)]
    # Who is on a case is not contacted about again meanwhile: that is all the difference there is.
    assert again[0] < again[1] < 1.25 * again[0]


def test_more_police_contacts_about_teenagers_begin_on_the_thirteenth_birthday() -> None:
    found = []
    for ratio in (1, 9):
        _, rows = simulate(small(30_000, 3, demand__police_teenage=ratio), 1, 0, spells=True)
        assert rows
        spells = Spells(rows)
        aged = Counter[int]()
        for child in spells.by_child["contact"].values():
            # Known before, so that as many are known whatever the ratio.
            if ages(child[0], child[0].start)[1] < 12:
                years = [ages(one, one.start) for one in child if one.start > 0]
                aged.update(low for low, high in years if low == high)
        found.append(aged)
    usual, more = found
    assert usual[13] > 40
    assert more[13] > 1.5 * usual[13]
    assert more[12] == pytest.approx(usual[12], rel=0.1)

"""A share is of what its unit says: times that, it is a whole number of children, cases or posts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from demandsim.records import Census, Count, Stock
from demandsim.results.measures import MEASURES
from demandsim.results.tables import MONTHLY, YEARLY
from demandsim.results.year import Array, Year
from demandsim.vocabulary import Placement

WHOLES: dict[str, Callable[[Year], Array]] = {
    "% of referrals": lambda year: year.count(Count.REFERRAL),
    "% of cases": lambda year: year.count(Count.EARLY_HELP_STARTED),
    "% of cases closed": lambda year: year.count(Count.CASE_CLOSED),
    "% of continuous assessments": lambda year: year.count(Count.ASSESSED_CONTINUOUS),
    "% of conferences": lambda year: year.count(Count.CONFERENCE),
    "% of plans started": lambda year: year.count(Count.PLAN_STARTED),
    "% of plans open 3 months or more": lambda year: year.census(Census.PLAN_REVIEWABLE),
    "% of starts": lambda year: year.count(Count.CARE_STARTED),
    "% of leavers": lambda year: year.count(Count.CARE_ENDED),
    "% of children looked after": lambda year: year.stock(Stock.CARE),
    "% of returns home": lambda year: year.census(Census.HOME_COHORT),
    "% of those who left the year before": lambda year: year.census(Census.LEFT_1),
    "% of those who left five years before": lambda year: year.census(Census.LEFT_5),
    "% of children referred": lambda year: year.census(Census.REFERRED_4),
    "% of cases closed without long-term work": lambda year: year.census(Census.CLOSED_3),
    "% of children of one year of age": lambda year: year.census(Census.ONE_AGE),
    "% of children's home residents": lambda year: year.stock(Stock.PLACED + Placement.CHILDRENS_HOME),
    "% of missing episodes": lambda year: year.count(Count.MISSING),
    "% of placements made": lambda year: year.count(Count.CARE_STARTED, Count.MOVE),
    "% of posts": lambda year: year.stock(Stock.POSTS),
    "% of visits due": lambda year: year.count(Count.VISIT_DUE),
    "% of capacity": lambda year: year.count(Count.HOURS_SUPPLIED),
}
#: Shares of the sum of their bands, which need not be the count that the unit names.
BANDED = [one for one in MEASURES.values() if one.unit.startswith("%") and one.id[-2] == "_" and one.id[-1].isdigit()]
SHARES = [one for one in MEASURES.values() if one.unit in WHOLES and one not in BANDED]


@pytest.fixture(scope="module")
def year() -> Year:
    """A year in which every column has a number of its own."""
    draws = np.random.default_rng(1)
    shapes = {name: (1, 24, len(labels)) for name, (_, labels) in MONTHLY.items()}
    shapes |= {name: (1, 2, len(labels)) for name, (_, labels) in YEARLY.items()}
    return Year({name: draws.integers(10**6, 10**7, shape).astype(float) for name, shape in shapes.items()}, 1)


@pytest.mark.parametrize("share", SHARES, ids=lambda one: one.id)
def test_a_share_times_its_whole_is_a_whole_number(year: Year, share: object) -> None:
    measure = MEASURES[getattr(share, "id", "")]
    part = float(measure.of(year)[0] * WHOLES[measure.unit](year)[0] / 100)
    assert part == pytest.approx(round(part), abs=1e-6)
    assert part != 0


def test_shares_of_bands_add_up_to_everybody(year: Year) -> None:
    stems = {one.id.rpartition("_")[0] for one in BANDED}
    for stem in stems:
        total = sum(float(one.of(year)[0]) for one in BANDED if one.id.rpartition("_")[0] == stem)
        assert total == pytest.approx(100), stem

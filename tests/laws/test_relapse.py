"""Re-referrals, second plans and returns to care come out of hazards: without the hazards there are next to none."""

from __future__ import annotations

import pytest
from conftest import small, tables_of

from demandsim.records import Count


@pytest.mark.parametrize(
    ("part", "whole", "usual"),
    [
        (Count.RE_REFERRAL, Count.REFERRAL, 0.15),
        (Count.PLAN_REPEAT, Count.PLAN_STARTED, 0.08),
        (Count.CARE_AGAIN, Count.CARE_STARTED, 0.08),
    ],
)
def test_without_relapse_children_hardly_come_back(part: int, whole: int, usual: float) -> None:
    with_relapse = tables_of(small(children=40_000, years=2), 2)["count"][:, 12:].sum(axis=(0, 1))
    without = tables_of(small(children=40_000, years=2, relapse__strength=0), 2)["count"][:, 12:].sum(axis=(0, 1))
    assert with_relapse[part] / with_relapse[whole] > usual
    assert without[part] / without[whole] < 0.02


def test_more_relapse_means_more_of_each() -> None:
    shares = []
    for strength in (0.5, 1.0, 1.3):
        count = tables_of(small(children=40_000, relapse__strength=strength), 2)["count"][:, 12:].sum(axis=(0, 1))
        shares.append(count[Count.RE_REFERRAL] / count[Count.REFERRAL])
    assert shares[0] < shares[1] < shares[2]

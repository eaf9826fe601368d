from __future__ import annotations

import inspect

import numpy as np
import pytest
from scipy import stats

from demandsim import draws
from demandsim.draws import LUCKS, NORMALS, ROW, SLICE_BITS, Draws, Stage, normals_times, replication_key
from demandsim.model.demand import seed_id


def test_a_row_is_a_function_of_its_key_alone() -> None:
    one, other = Draws(replication_key(1, 0)), Draws(replication_key(1, 0))
    first = one.row(7, Stage.CARE, 2)
    one.row(8, Stage.CARE, 2)
    assert one.row(7, Stage.CARE, 2) == first == other.row(7, Stage.CARE, 2)


def test_every_part_of_the_key_changes_the_row() -> None:
    base = Draws(replication_key(1, 0)).row(7, Stage.CARE, 2)
    others = [
        Draws(replication_key(2, 0)).row(7, Stage.CARE, 2),
        Draws(replication_key(1, 1)).row(7, Stage.CARE, 2),
        Draws(replication_key(1, 0)).row(8, Stage.CARE, 2),
        Draws(replication_key(1, 0)).row(7, Stage.EPISODE, 2),
        Draws(replication_key(1, 0)).row(7, Stage.CARE, 3),
    ]
    assert all(base[column] != other[column] for other in others for column in range(ROW))


def test_seed_and_replication_cannot_be_traded() -> None:
    keys = {replication_key(seed, number) for seed in range(40) for number in range(40)}
    assert len(keys) == 1600


def test_luck_is_uniform_and_neighbouring_children_are_unrelated() -> None:
    source = Draws(replication_key(3, 0))
    rows = np.array([source.row(child, Stage.EPISODE, 0) for child in range(4000)]) / LUCKS
    assert stats.kstest(rows.ravel(), "uniform").pvalue > 1e-3
    between_children = [np.corrcoef(rows[:-1, column], rows[1:, column])[0, 1] for column in range(ROW)]
    between_columns = np.corrcoef(rows.T)[np.triu_indices(ROW, 1)]
    # Of 16 and 120 correlations, the largest of unrelated samples stay below 4.5 standard errors.
    assert np.abs(between_children).max() < 4.5 / 4000**0.5
    assert np.abs(between_columns).max() < 4.5 / 4000**0.5


def test_normal_has_the_moments_and_the_order_of_a_normal() -> None:
    assert NORMALS.mean() == pytest.approx(0.0, abs=1e-12)
    assert NORMALS.std() == pytest.approx(1.0, abs=1e-3)
    assert np.all(np.diff(NORMALS) > 0)
    drawn = normals_times(2.0)[int(stats.norm.cdf(1.5) * LUCKS) >> SLICE_BITS]
    assert drawn == pytest.approx(2.0 * 1.5, abs=0.02)


#: Decisions may be added at the end of a class, never moved or removed: that would change every child's luck.
ORDER = {
    "Family": "MOMENT ACCEPTED SIZE SEVERITY SOURCE YOUNGEST",
    "Episode": (
        "RETURN PATIENCE HELP_WORKS CONTACT_SCORE REFERRAL_SCORE ASSESSMENT_FORMAT ASSESSMENT_TIME DEADLINE "
        "ASSESSMENT_SCORE TO_CARE PLAN_LENGTH PLAN_TIME CONCERN NEED_TO_CARE SEVERITY AGE NEED"
    ),
    "NeedPlan": "LENGTH TIME CONCERN TO_CARE",
    "Enquiry": "SUBSTANTIATED TO_CARE BOOKED SLIPS SLIP PLAN PLAN_TO_CARE CLOSED_OUTRIGHT",
    "Review": "TIME LATE FORWARD ENDS",
    "Care": (
        "ROUTE LEGAL SHORT STAY COURT FINAL_PHASE WITH_PARENTS BREAKDOWN FRAILTY MATCHING ACTIVITY IN_TOUCH JOINS"
    ),
    "Place": "TYPE TIME AREA",
    "Missing": "TIME INTERVIEW",
    "Stage": "FAMILY EPISODE NEED_PLAN ENQUIRY CARE PLACEMENT MISSING WORLD SEED REVIEW",
}


@pytest.mark.parametrize("name", ORDER)
def test_decisions_keep_their_place(name: str) -> None:
    found = {key: value for key, value in inspect.getmembers(getattr(draws, name)) if key.isupper()}
    expected = ORDER[name].split()
    assert [key for key, _ in sorted(found.items(), key=lambda item: item[1])][: len(expected)] == expected
    assert sorted(found.values()) == list(range(len(found)))


def test_decisions_fit_their_rows() -> None:
    shared = {
        draws.Review: draws.REVIEWS_A_ROW,
        draws.NeedPlan: draws.NEED_PLANS_A_ROW,
        draws.Place: draws.PLACEMENTS_A_ROW,
        draws.Missing: draws.MISSING_A_ROW,
        draws.Enquiry: 1,
        draws.Care: 1,
    }
    for kind, several in shared.items():
        decisions = sum(key.isupper() for key in vars(kind))
        assert decisions * several <= ROW, kind


def test_a_seeded_child_never_has_a_candidates_id() -> None:
    ids = [seed_id(month, kind, number) for month in range(240) for kind in range(3) for number in (0, 5000)]
    assert len(set(ids)) == len(ids)
    assert min(ids) >> 31 == 511
    assert max(ids) < 2**63

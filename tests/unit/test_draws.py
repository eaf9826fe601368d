from __future__ import annotations

import inspect

import numpy as np
import pytest
from scipy import stats

from demandsim import draws
from demandsim.distributions import spare
from demandsim.draws import NORMALS, SLICES, Stage, replication_key
from demandsim.engine.philox import draw, philox, uniforms, uniforms_of
from demandsim.model.warm_up import seed_id

KEY = np.uint64(replication_key(1, 0))


def test_a_draw_is_a_function_of_its_key_alone() -> None:
    first = uniforms(KEY, 7, Stage.CARE, 2, 1)
    uniforms(KEY, 8, Stage.CARE, 2, 1)
    assert uniforms(KEY, 7, Stage.CARE, 2, 1) == first


def test_every_part_of_the_key_changes_every_draw() -> None:
    base = uniforms(KEY, 7, Stage.CARE, 2, 1)
    others = [
        uniforms(np.uint64(replication_key(2, 0)), 7, Stage.CARE, 2, 1),
        uniforms(np.uint64(replication_key(1, 1)), 7, Stage.CARE, 2, 1),
        uniforms(KEY, 8, Stage.CARE, 2, 1),
        uniforms(KEY, 7 + (1 << 32), Stage.CARE, 2, 1),
        uniforms(KEY, 7, Stage.EPISODE, 2, 1),
        uniforms(KEY, 7, Stage.CARE, 3, 1),
        uniforms(KEY, 7, Stage.CARE, 2, 0),
    ]
    assert all(base[place] != other[place] for other in others for place in range(4))


def test_a_decision_has_its_place_in_its_block() -> None:
    blocks = [value for block in range(4) for value in uniforms(KEY, 7, Stage.CARE, 2, block)]
    assert [draw(KEY, 7, Stage.CARE, 2, decision) for decision in range(16)] == blocks


def test_draws_made_together_are_those_made_one_by_one() -> None:
    children = np.array([0, 7, (5 << 32) + 1, (1 << 62) + 3, 8, 9, 10], np.int64)
    draws = np.empty((4, len(children)))
    uniforms_of(KEY, children, Stage.MONTH, 200, 1, draws)
    assert [tuple(column) for column in draws.T] == [uniforms(KEY, child, Stage.MONTH, 200, 1) for child in children]


def test_seed_and_replication_cannot_be_traded() -> None:
    keys = {replication_key(seed, number) for seed in range(40) for number in range(40)}
    assert len(keys) == 1600


def test_draws_are_uniform_and_neighbouring_children_are_unrelated() -> None:
    key = np.uint64(replication_key(3, 0))
    blocks = [[uniforms(key, child, Stage.EPISODE, 0, block) for block in (0, 1)] for child in range(4000)]
    rows = np.array(blocks).reshape(4000, 8)
    assert stats.kstest(rows.ravel(), "uniform").pvalue > 1e-3
    between_children = [np.corrcoef(rows[:-1, column], rows[1:, column])[0, 1] for column in range(rows.shape[1])]
    between_columns = np.corrcoef(rows.T)[np.triu_indices(rows.shape[1], 1)]
    # Of 8 and 28 correlations, the largest of unrelated samples stay below 4.5 standard errors.
    assert np.abs(between_children).max() < 4.5 / 4000**0.5
    assert np.abs(between_columns).max() < 4.5 / 4000**0.5


def test_normal_has_the_moments_and_the_order_of_a_normal() -> None:
    assert NORMALS.mean() == pytest.approx(0.0, abs=1e-12)
    assert NORMALS.std() == pytest.approx(1.0, abs=1e-3)
    assert np.all(np.diff(NORMALS) > 0)
    assert NORMALS[int(stats.norm.cdf(1.5) * SLICES)] == pytest.approx(1.5, abs=0.01)


#: Decisions may be added at the end of a class, never moved or removed: that would change every child's draws.
ORDER = {
    "Family": "MOMENT ACCEPTED SIZE SEVERITY SOURCE YOUNGEST",
    "Episode": (
        "RETURN PATIENCE HELP_WORKS CONTACT_SCORE REFERRAL_SCORE ASSESSMENT_FORMAT ASSESSMENT_TIME DEADLINE "
        "ASSESSMENT_SCORE TO_CARE PLAN_LENGTH PLAN_TIME CONCERN NEED_TO_CARE SEVERITY AGE NEED"
    ),
    "NeedPlan": "LENGTH TIME CONCERN TO_CARE",
    "Enquiry": "SUBSTANTIATED TO_CARE BOOKED SLIPS SLIP PLAN PLAN_TO_CARE CLOSED_OUTRIGHT",
    "Review": "TIME LATE FORWARD ENDS",
    "First": "PERMANENT SLOW FAST PLANNED",
    "Month": "SLOW FAST HARM CARE MOMENT",
    "Seen": "CONTACT REFERRAL ASSESSMENT",
    "Harm": "DETECTED SEVERE",
    "Care": (
        "ROUTE LEGAL SHORT STAY COURT FINAL_PHASE WITH_PARENTS BREAKDOWN FRAILTY MATCHING ACTIVITY IN_TOUCH JOINS ORDER"
    ),
    "Place": "TYPE TIME AREA",
    "Missing": "TIME INTERVIEW",
    "Seed": "GAP MOMENT BAND WITHIN SEVERITY SLOW KNOWN",
    "Staff": "LEAVES JOINS NEWLY_QUALIFIED",
    "Stage": (
        "FAMILY EPISODE NEED_PLAN ENQUIRY CARE PLACEMENT MISSING WORLD SEED REVIEW STAFF PRACTICE "
        "FIRST MONTH FAMILY_MONTH SEEN HARM AWAY EXPLOITATION HOME HOME_CLOSES LEAVING"
    ),
}


@pytest.mark.parametrize("name", ORDER)
def test_decisions_keep_their_place(name: str) -> None:
    found = {key: value for key, value in inspect.getmembers(getattr(draws, name)) if key.isupper()}
    expected = ORDER[name].split()
    assert [key for key, _ in sorted(found.items(), key=lambda item: item[1])][: len(expected)] == expected
    assert sorted(found.values()) == list(range(len(found)))


#: Counter, key and result of Philox4x32-10 as its authors published them (Random123, kat_vectors).
PUBLISHED = (
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
)


@pytest.mark.parametrize(("counter", "key", "result"), PUBLISHED)
def test_the_generator_gives_what_its_authors_published(counter: str, key: str, result: str) -> None:
    words = [np.uint64(int(word, 16)) for word in f"{counter} {key}".split()]
    assert [int(word) for word in philox(*words)] == [int(word, 16) for word in result.split()]


def test_a_draw_is_the_generators_number_in_the_middle_of_its_step() -> None:
    key, child, occurrence, block = np.uint64(5 + (7 << 32)), 11 + (13 << 32), 17, 2
    counter = (11, 13, occurrence, (Stage.CARE << 16) + block, 5, 7)
    numbers = philox(*(np.uint64(word) for word in counter))
    expected = tuple((int(number) + 0.5) / 2**32 for number in numbers)
    assert uniforms(key, child, Stage.CARE, occurrence, block) == expected


def test_a_seeded_child_never_has_a_candidates_id() -> None:
    ids = [seed_id(month, kind, number) for month in range(240) for kind in range(4) for number in (0, 5000)]
    assert len(set(ids)) == len(ids)
    assert min(ids) >> 31 == 511
    assert max(ids) < 2**63


def test_what_a_normal_leaves_of_a_draw_is_uniform_and_has_nothing_to_do_with_it() -> None:
    key = np.uint64(replication_key(4, 0))
    found = np.array([uniforms(key, child, Stage.MONTH, 3, 0)[0] for child in range(20_000)])
    left = np.array([spare(one) for one in found])
    assert stats.kstest(left, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(found, left)[0, 1]) < 4 / 20_000**0.5
    low = left[found < 0.1]
    assert stats.kstest(low, "uniform").pvalue > 1e-3

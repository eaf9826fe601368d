"""Verdicts that know their Monte Carlo error."""

from __future__ import annotations

import pytest

from demandsim.results.judged import Verdict, judged, replications_to_tell


@pytest.mark.parametrize(
    ("gap", "error", "verdict"),
    [
        (0.5, 0.4, Verdict.INSIDE),
        (0.9, 0.1, Verdict.INSIDE),
        (0.9, 0.2, Verdict.UNTOLD),
        (1.1, 0.2, Verdict.UNTOLD),
        (1.3, 0.2, Verdict.OUTSIDE),
        (0.2, float("nan"), Verdict.UNTOLD),
    ],
)
def test_a_mean_is_judged_only_where_its_error_leaves_no_doubt(gap: float, error: float, verdict: Verdict) -> None:
    assert judged(gap, error) == verdict


def test_twice_the_error_that_there_is_room_for_takes_four_times_the_replications() -> None:
    assert replications_to_tell(0.9, 0.2, 100) == 400
    assert replications_to_tell(1.1, 0.2, 100) == 400
    assert replications_to_tell(0.9, 0.15, 10) == 23


def test_nothing_tells_what_is_on_the_edge() -> None:
    assert replications_to_tell(1.0, 0.2, 100) is None
    assert replications_to_tell(0.5, float("nan"), 1) is None

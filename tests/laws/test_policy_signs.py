"""Signs of thresholds, help, staff and practice, and what help comes to as it grows, stops and begins again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sign_pairs import differences_of, hold, values_of
from sign_rows import OF_HELP, PAIRS, RICH, Sign


@pytest.mark.parametrize("row", OF_HELP, ids=lambda row: row.name)
def test_a_policy_moves_what_it_must(row: Sign) -> None:
    hold(row)


def test_where_nothing_is_changed_nothing_differs() -> None:
    differences, _ = differences_of(Sign("nothing", (), "exposure", "same"))
    assert (differences == 0).all()


def test_help_leaves_those_alone_whom_no_family_help_reaches() -> None:
    for measure in ("care_remand", "care_unaccompanied"):
        differences, level = differences_of(Sign("help", ("prevention.targeted=118.4",), measure, "same"))
        assert level > 0
        assert (differences == 0).all()


def test_each_further_pound_of_targeted_help_does_less() -> None:
    """By pounds spent; a place that nobody takes is not paid for. Money enough that no spending control is applied."""
    wider = ("contact.early_help_threshold=-0.5",)
    averted = []
    for times, more in ((0.5, ()), (2, ()), (4, wider)):
        changes = (f"prevention.targeted={59.2 * times:g}", *more)
        less, spent = (
            differences_of(Sign("targeted", changes, measure, "", setting=RICH))[0].mean()
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
        "path = [[2013-04-01, 0], [2015-03-31, 0], [2015-04-01, 59.2]]\n"
        'because = "two years without"\n',
        encoding="utf-8",
    )
    gaps = []
    for year in (2, 3, 6):
        without, level = (values_of(name, (), "exposure", year, PAIRS) for name in (str(stopped), "baseline"))
        gaps.append((without - level).mean())
    # Help is back from the third year on; what it would have done is not.
    assert gaps[0] > gaps[1] > 0.25 * gaps[0]
    assert gaps[2] < 0.5 * gaps[0]

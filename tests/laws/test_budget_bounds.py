"""Whatever is given up, a budget is not below nothing."""

from __future__ import annotations

from pathlib import Path

from conftest import tables_of

from demandsim.records import Count
from demandsim.scenario.read import read_scenario

#: Found among files made at random: posts given up that cost more than all that there is.
NOTHING_LEFT = """
[scenario]
title = "Nothing left"
extends = "baseline"
years = 2
[set."population.children"]
value = 1000
because = "small"
[set."budget.total"]
path = [[2014-04-01, 0], [2015-04-01, 0]]
because = "nothing is left"
[set."workforce.posts"]
path = [[2014-10-01, 0], [2015-04-01, 0]]
because = "every post is given up"
"""


def test_nobody_owes_less_than_nothing(tmp_path: Path) -> None:
    path = tmp_path / "nothing.toml"
    path.write_text(NOTHING_LEFT, encoding="utf-8")
    count = tables_of(read_scenario(path))["count"][0]
    assert (count[:, [Count.OWED, Count.RELIEVED]] >= 0).all()
    assert count[:, Count.RELIEVED].sum() > 0

"""The file `demandsim new` writes: empty but for an example, or one of the questions that are asked most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from demandsim.scenario.resolved import quoted

_TEXT = """\
# A demandsim scenario: what changes against the baseline, and why.
# Check it with `demandsim check`, compare it with `demandsim compare baseline`.
# `demandsim explain baseline` lists every parameter.

[scenario]
format = 2
title = {title}
why = \"\"\"
{why}
\"\"\"
extends = "baseline"          # or a file beside this one
# years = 10                  # years from the start, 1 April 2013

# Each [set."..."] gives one parameter another value. Give exactly one of:
#   value = 1.1               the new value
#   times = 1.1               the value it had, times this
#   path = [["2015-04-01", 1.0], ["2018-03-31", 1.2]]    dates and values, straight lines between them
# A changed lever takes effect at the start; anything else that is changed holds for the years before it as well.

{body}"""
_SAY_WHY = "Say in a few lines what you ask and what to look for. It is printed with the results."
_EXAMPLE = """\
[set."demand.level"]
path = [[2014-04-01, 1.0], [2016-03-31, 1.1]]
because = "referrals go on rising for two years, to a tenth above 2013-14"

# [set."court.weeks"]
# value = 26
# because = "proceedings meet the limit of the Children and Families Act 2014"
"""
_EARLY_HELP = """\
[set."prevention.targeted"]
path = [[{day}, {targeted:g}], [{later}, {more_targeted:.4g}]]
paid_by = "budget"            # found within what there is; leave this line out for additional money
because = "{percent:g}% more for targeted family support, over a year; say who decided, and on what evidence"

# Placements can't be refused, so until fewer are needed the money comes from reserves, then from vacant posts.
[set."budget.spending_controls"]
value = ["use_reserves", "freeze_recruitment", "ring_fence_prevention"]
from = {day}
because = "prevention is ring-fenced: the next overspend does not take it back"

[set."contact.early_help_threshold"]
path = [[{day}, {threshold:g}], [{later}, {lower_threshold:.3g}]]
because = "offered to more families, so that the places are taken; a judgement, in proportion to shift_to_prevention"

# [set."budget.reserves"]     # {reserves:g} pounds a child unless you set your own
# value = 40
# because = "our reserves on 31 March"
"""
_FEWER_POSTS = """\
[set."workforce.posts"]
path = [[{day}, {posts:g}], [{later}, {fewer_posts:.4g}]]
because = "{percent:g}% of social work posts cut over a year; the money goes"
# paid_by = "budget"          # with this line the money stays, for other lines
"""
_MORE_DEMAND = """\
[set."demand.level"]
path = [[{day}, {level:g}], [{later}, {more_demand:.4g}]]
because = "{percent:g}% more children come to notice, over a year, and it stays so"
"""
_WHYS = {
    _EARLY_HELP: "Spends {percent:g}% more on targeted family support from {day}, from reserves and the budget as it "
    "is.\nWhat to look for: children without a service and exposure to harm first; children in care by less and "
    "later;\nwho pays until when, and whether it pays back within the years simulated.",
    _FEWER_POSTS: "Cuts {percent:g}% of social work posts from {day}.\nWhat to look for: caseloads, visits missed and "
    "cases closed sooner; exposure to harm and, years later,\nchildren in care. Fewer children in need can be need "
    "that is not met.",
    _MORE_DEMAND: "Demand for each child rises by {percent:g}% from {day}.\nWhat to look for: referrals follow at "
    "once, plans and care with a delay, waits and unmet need as workers\nrun out of time.",
}
#: What shift_to_prevention does: so much more money, with a threshold so much lower.
_SHIFT_MORE, _SHIFT_LOWER = 0.544, 0.20


@dataclass(frozen=True, slots=True)
class Start:
    """A question to start from.

    Attributes:
        name: on the command line.
        words: what it asks, in a line.
        percent: how much, unless told otherwise.
        text: what the file sets.
    """

    name: str
    words: str
    percent: float
    text: str


STARTS = {
    one.name: one
    for one in (
        Start("early_help", "more early help, paid from reserves and the budget as it is", 20.0, _EARLY_HELP),
        Start("fewer_posts", "social work posts cut", 10.0, _FEWER_POSTS),
        Start("more_demand", "demand up for good", 10.0, _MORE_DEMAND),
    )
}


def starter(name: str) -> str:
    """Return the text of a scenario file of that name, ready to run."""
    return _TEXT.format(title=_title(name), why=_SAY_WHY, body=_EXAMPLE)


def started(name: str, start: Start, day: date, percent: float, value: Callable[[str], float]) -> str:
    """Return the text of a scenario file of that name that asks one of the questions.

    Args:
        name: of the file.
        start: the question.
        day: from when on.
        percent: how much more, or less.
        value: gives the baseline's value of a parameter.
    """
    share = percent / 100
    targeted, posts, level = value("prevention.targeted"), value("workforce.posts"), value("demand.level")
    threshold = value("contact.early_help_threshold")
    numbers = {
        "day": day,
        "later": day.replace(year=day.year + 1, day=min(day.day, 28)),
        "percent": percent,
        "targeted": targeted,
        "more_targeted": targeted * (1 + share),
        "threshold": threshold,
        "lower_threshold": max(0.0, threshold - _SHIFT_LOWER * share / _SHIFT_MORE),
        "reserves": value("budget.reserves"),
        "posts": posts,
        "fewer_posts": posts * (1 - share),
        "level": level,
        "more_demand": level * (1 + share),
    }
    why = _WHYS[start.text].format(**numbers)
    return _TEXT.format(title=_title(name), why=why, body=start.text.format(**numbers))


def _title(name: str) -> str:
    return quoted(name.replace("_", " ").strip().capitalize() or "My scenario")

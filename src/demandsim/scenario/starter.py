"""The file `demandsim new` writes."""

from __future__ import annotations

from demandsim.scenario.resolved import quoted

_TEXT = """\
# A demandsim scenario: what changes against the baseline, and why.
# Check it with `demandsim check`, run it with `demandsim run`. `demandsim explain baseline` lists every parameter.

[scenario]
format = 2
title = {title}
why = \"\"\"
Say in a few lines what you ask and what to look for. It is printed with the results.
\"\"\"
extends = "baseline"          # or a file beside this one
# years = 10                  # years from the start, 1 April 2013

# Each [set."..."] gives one parameter another value. Give exactly one of:
#   value = 1.1               the new value
#   times = 1.1               the value it had, times this
#   path = [["2015-04-01", 1.0], ["2018-03-31", 1.2]]    dates and values, straight lines between them
# A changed lever takes effect at the start; anything else that is changed holds for the years before it as well.

[set."demand.level"]
path = [[2014-04-01, 1.0], [2016-03-31, 1.1]]
because = "referrals go on rising for two years, to a tenth above 2013-14"

# [set."court.weeks"]
# value = 26
# because = "proceedings meet the limit of the Children and Families Act 2014"
"""


def starter(name: str) -> str:
    """Return the text of a scenario file of that name, ready to run."""
    return _TEXT.format(title=quoted(name.replace("_", " ").strip().capitalize() or "My scenario"))

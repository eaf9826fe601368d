"""What is measured in each trial of `trials.py`, beside what was published, and how it is judged."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

#: Events and what they are counted over, with the programme and without.
Tally = tuple[float, float, float, float]


class Row(NamedTuple):
    """One outcome of one trial.

    Attributes:
        value, low, high: as published; low and high are None where no interval is.
        what: the outcome was an input's own (circular; few: of few children), or is shown beside it.
        level: what was published of those without the programme, %, if anything.
    """

    trial: str
    outcome: str
    evidence: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    what: str = "beside"
    level: float | None = None


_COURT = "Family Drug and Alcohol Court"
ROWS = (
    Row("early help", "looked after 19 to 24 months after joining", "V041", 0.68, 0.5, 1.0, "circular", 2.5),
    Row("early help", "ever looked after within 24 months", "V041"),
    Row(
        "early help",
        "enquiry, plan or care after a referral, rate over 18 months",
        "V042",
        0.82,
        None,
        None,
        "circular",
    ),
    Row("early help", "referred again within 18 months, after a referral", "V042", 1.0),
    Row("early help", "contacts expected within 18 months", "V042"),
    Row("early help", "on a protection plan within 24 months", "V041", 1.0),
    Row("early help", "in need by the age of 7, joined before 1", "V040", 1.0, 0.9, 1.1, "contrast"),
    Row("early help", "exposure within 24 months", "V041"),
    Row("programmes on open cases", "harmed again: exposure within 24 months", "V051", 0.76, 0.54, 1.07, "circular"),
    Row("programmes on open cases", "new referral or enquiry within 24 months", "V051", 0.76, 0.54, 1.07),
    Row("programmes on open cases", "on a protection plan after 15 months", "V050", 0.7, 0.51, 1.0),
    Row("programmes on open cases", "start of care within 24 months", "V051"),
    Row("family group conference", "looked after at 12 months", "V053", 0.81, 0.72, 0.91, "circular", 44.8),
    Row("family group conference", "ever looked after within 12 months", "V053"),
    Row("family group conference", "months in care of the first 12", "V053", 0.76),
    Row("family group conference", "looked after at 36 months", "V053"),
    Row("reunification support", "back in care within 12 months", "judgement", 0.8, 0.6, 1.0, "circular"),
    Row("reunification support", "back in care within 24 months", "judgement"),
    Row("reunification support", "back in care within 60 months", "judgement"),
    Row("kinship allowances", "neither guardians nor adopters at 24 months", "V083"),
    Row("kinship allowances", "looked after at 24 months", "V083"),
    Row("kinship allowances", "looked after at 48 months", "V083"),
    Row(_COURT, "go home from the proceedings", "V082", 1.47, 1.26, 1.7, "circular", 25.0),
    Row(
        _COURT,
        "back in care within 60 months, of those who go home either way",
        "judgement",
        0.8,
        0.6,
        1.0,
        "circular, few",
    ),
    Row(_COURT, "looked after at 24 months", "V081"),
    Row(_COURT, "looked after at 60 months", "V081"),
)


class Found(NamedTuple):
    """What came out: per cent (or the mean) with and without, their ratio and its standard error."""

    helped: float
    others: float
    ratio: float
    error: float
    cohort: float


def found_of(tallies: NDArray[np.float64]) -> Found:
    """Return the ratio of pooled shares; its error by leaving each replication out in turn."""
    total = tallies.sum(axis=0)
    rest = total - tallies
    ratios = rest[:, 0] / rest[:, 1] / (rest[:, 2] / rest[:, 3])
    number = len(tallies)
    error = float(np.sqrt((number - 1) / number * ((ratios - ratios.mean()) ** 2).sum()))
    helped, others = total[0] / total[1], total[2] / total[3]
    return Found(helped, others, helped / others, error, total[3] / number)


def verdict(row: Row, found: Found) -> str:
    """Return whether it comes back: inside the published interval, or missed, or nothing to say it by."""
    if row.value is None:
        return ""
    if row.low is None or row.high is None:
        return f"no interval published; {found.ratio - row.value:+.2f}"
    return "inside" if row.low <= found.ratio <= row.high else "MISS"

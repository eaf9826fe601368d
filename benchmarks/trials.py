"""Every trial whose effect is used, simulated inside the model: who was offered, what was measured, and when.

    python benchmarks/trials.py               some five minutes; writes docs/trials.md and its picture
    python benchmarks/trials.py --quick       a tenth of the replications, printed only

Each trial is a pair of runs of one authority with the same random numbers. Until the trial begins they are the same run;
then its cohort has the programme in one and not in the other, and those very children are compared.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from followed import Array, Followed, hazards
from numpy.typing import NDArray

from demandsim.vocabulary import DAYS_A_YEAR, State

#: Months since the start: a cohort joins in the second year.
JOIN, JOINED = 12, 24
#: Events and what they are counted over, with the programme and without.
Tally = tuple[float, float, float, float]
#: Severity hardly moves all at once: what keeps nobody at home.
NOBODY_ENTERS = 1e-9


class Row(NamedTuple):
    """One outcome of one trial.

    Attributes:
        value, low, high: as published; low and high are None where no interval is.
        what: the outcome was an input's own (circular), or is shown beside it.
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


ROWS = (
    Row("early help", "looked after 19 to 24 months after joining", "V041", 0.68, 0.5, 1.0, "circular", 2.5),
    Row("early help", "ever looked after within 24 months", "V041"),
    Row("early help", "enquiry, plan or care after a referral, rate over 18 months", "V042", 0.82, None, None, "circular"),
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
    Row("family group conference", "exposure within 12 months", "V053"),
    Row("reunification support", "back in care within 12 months", "judgement", 0.8, 0.6, 1.0, "circular"),
    Row("reunification support", "back in care within 24 months", "judgement"),
    Row("reunification support", "back in care within 60 months", "judgement"),
    Row("reunification support", "exposure within 24 months", "judgement"),
)


def _shares(helped: Array, others: Array) -> Tally:
    return float(helped.sum()), float(helped.size), float(others.sum()), float(others.size)


def _rates(helped: Array, others: Array) -> Tally:
    """Return events and months until each child's first: (month, child) of whether it has happened by then."""
    return float(helped[-1].sum()), float((~helped).sum()), float(others[-1].sum()), float((~others).sum())


def _rose(lives: Array, *counters: str) -> Array:
    """Return (month, child): whether any of these has happened since the child's first month."""
    return np.asarray(sum((lives[name] > lives[name][0]).astype(int) for name in counters) > 0)


def _compared(arms: tuple[Followed, Followed], ids: Array, begun: Array, months: int) -> tuple[Array, Array]:
    """Return the lives of the same children in both arms."""
    return arms[0].since(ids, begun, months), arms[1].since(ids, begun, months)


# -- early help --------------------------------------------------------------------------------------------------------


def _joined(arm: Followed, works: bool) -> dict[int, int]:
    """Let a year of children join early help, which does what it does or, in the other arm, nothing; return when."""
    begun: dict[int, int] = {}
    for month in range(JOIN + 1, JOINED + 1):
        arm.to(month)
        children = arm.children
        since = arm.starts[month - 1] + float(arm.here.values.early_help_duration)
        new = [row for row in np.flatnonzero(children["help_ends"] >= since) if int(children["id"][row]) not in begun]
        for row in new:
            if children["id"][row] >= 0:
                begun[int(children["id"][row])] = month
                children["help_works"][row] &= works
        arm.note(month)
    return begun


def early_help(replication: int) -> dict[str, Tally]:
    """Those who join in a year, against the same children whose early help does nothing (relative risks of 1)."""
    arms = Followed(replication, 8), Followed(replication, 8)
    joined = [_joined(arm, works) for arm, works in zip(arms, (True, False), strict=True)]
    ids = np.array(sorted(id for id, month in joined[0].items() if joined[1].get(id) == month))
    begun = np.array([joined[0][id] for id in ids.tolist()])
    for arm in arms:
        arm.note_each(JOINED + 1, 96)
    one, two = _compared(arms, ids, begun, 24)
    care = [lives["state"] == State.LOOKED_AFTER for lives in (one, two)]
    first = one[0]
    referred = first["last_referral"] > np.array([arms[0].starts[month] for month in begun]) - 183
    later = [_rose(lives[:19, referred], "enquiries", "plans", "periods") for lives in (one, two)]
    contacts = [
        np.where(lives["state"] == State.CLOSED, hazards(arm, lives, "contact_slope", False), 0.0)[1:19]
        for arm, lives in zip(arms, (one, two), strict=True)
    ]
    harm = [hazards(arm, lives, "harm_slope", True)[1:] for arm, lives in zip(arms, (one, two), strict=True)]
    young = first["adult_at"] - np.array([arms[0].starts[month] for month in begun]) > 17 * DAYS_A_YEAR
    small = [_rose(lives, "need_plans", "plans", "periods")[-1] for lives in _compared(arms, ids[young], begun[young], 72)]
    names = [row.outcome for row in ROWS if row.trial == "early help"]
    tallies = (
        _shares(*(each[19:25].any(axis=0) for each in care)),
        _shares(*(_rose(lives, "periods")[-1] for lives in (one, two))),
        _rates(*later),
        _shares(*(_rose(lives[:19, referred], "episodes")[-1] for lives in (one, two))),
        _shares(*contacts),
        _shares(*(_rose(lives, "plans")[-1] for lives in (one, two))),
        _shares(*small),
        _shares(*harm),
    )
    return dict(zip(names, tallies, strict=True))


# -- programmes on open cases, conferences, returns home -----------------------------------------------------------------


def open_cases(replication: int) -> dict[str, Tally]:
    """Abused or neglected children on plans on a day, with half a year of a programme for all of them, or none."""
    places = {"prevention.open_cases": ((JOIN, 400.0), (JOIN + 6, 0.0))}
    arms = Followed(replication, 4, paths=places), Followed(replication, 4)
    for arm in arms:
        arm.note_each(JOIN, JOIN + 24)
    on_plan = arms[1].diary[JOIN]
    on_plan = on_plan[np.isin(on_plan["state"], (State.CHILD_IN_NEED, State.PROTECTION_PLAN)) & (on_plan["need"] == 0)]
    one, two = _compared(arms, on_plan["id"], np.full(len(on_plan), JOIN), 24)
    harm = [hazards(arm, lives, "harm_slope", True)[1:] for arm, lives in zip(arms, (one, two), strict=True)]
    names = [row.outcome for row in ROWS if row.trial == "programmes on open cases"]
    tallies = (
        _shares(*harm),
        _shares(*(_rose(lives, "episodes", "enquiries")[-1] for lives in (one, two))),
        _shares(*(lives["state"][15] == State.PROTECTION_PLAN for lives in (one, two))),
        _shares(*(_rose(lives, "periods")[-1] for lives in (one, two))),
    )
    return dict(zip(names, tallies, strict=True))


def conference(replication: int) -> dict[str, Tally]:
    """Children for whom care is decided in a month, each with a conference or none.

    Who they are is told by a third run, in which a conference keeps all of them at home.
    """
    risk = "prevention.edge_of_care_relative_risk"
    arms = []
    for relative_risk in (None, 1.0, NOBODY_ENTERS):
        paths = {"prevention.edge_of_care": ((JOIN, 60.0), (JOIN + 1, 0.0))}
        if relative_risk is not None:
            paths[risk] = ((JOIN, relative_risk), (JOIN + 1, relative_risk))
        arm = Followed(replication, 5, paths=paths)
        arm.note(JOIN)
        arm.note(JOIN + 1)
        arm.here.help.edge_of_care = 0.0
        arms.append(arm)
    offered, without, kept = arms
    started = without.diary[JOIN + 1]
    ids = started["id"][started["periods"] > without.of(JOIN, started["id"])["periods"]]
    known = without.of(JOIN, ids)["id"] == ids
    ids = ids[known & (kept.of(JOIN + 1, ids)["periods"] == kept.of(JOIN, ids)["periods"])]
    for arm in (offered, without):
        arm.note_each(JOIN + 2, JOIN + 36)
    one, two = _compared((offered, without), ids, np.full(len(ids), JOIN), 36)
    care = [lives["state"] == State.LOOKED_AFTER for lives in (one, two)]
    pair = zip((offered, without), (one, two), strict=True)
    harm = [hazards(arm, lives, "harm_slope", True)[1:13] for arm, lives in pair]
    names = [row.outcome for row in ROWS if row.trial == "family group conference"]
    tallies = (
        _shares(*(each[12] for each in care)),
        _shares(*(_rose(lives, "periods")[12] for lives in (one, two))),
        _shares(*(each[1:13] for each in care)),
        _shares(*(each[36] for each in care)),
        _shares(*harm),
    )
    return dict(zip(names, tallies, strict=True))


def _returned(arm: Followed, supported: bool) -> dict[int, int]:
    """Let a year of children go home, all of them supported or none; return in which month each did."""
    begun: dict[int, int] = {}
    for month in range(JOIN + 1, JOINED + 1):
        arm.to(month)
        children = arm.children
        for row in np.flatnonzero((children["home_since"] >= arm.starts[month - 1]) & (children["id"] >= 0)):
            id = int(children["id"][row])
            if id not in begun and children["state"][row] != State.LOOKED_AFTER:
                begun[id] = month
                children["supported"][row] = supported
        arm.note(month)
    return begun


def reunification(replication: int) -> dict[str, Tally]:
    """Children who go home in a year, each with support or none."""
    arms = Followed(replication, 7), Followed(replication, 7)
    home = [_returned(arm, supported) for arm, supported in zip(arms, (True, False), strict=True)]
    ids = np.array(sorted(id for id, month in home[0].items() if home[1].get(id) == month))
    begun = np.array([home[0][id] for id in ids.tolist()])
    for arm in arms:
        arm.note_each(JOINED + 1, 84)
    one, two = _compared(arms, ids, begun, 60)
    back = [_rose(lives, "periods") for lives in (one, two)]
    harm = [hazards(arm, lives, "harm_slope", True)[1:25] for arm, lives in zip(arms, (one, two), strict=True)]
    names = [row.outcome for row in ROWS if row.trial == "reunification support"]
    tallies = (*(_shares(*(each[month] for each in back)) for month in (12, 24, 60)), _shares(*harm))
    return dict(zip(names, tallies, strict=True))


TRIALS: Mapping[str, tuple[Callable[[int], dict[str, Tally]], int]] = {
    "early help": (early_help, 60),
    "programmes on open cases": (open_cases, 30),
    "family group conference": (conference, 160),
    "reunification support": (reunification, 100),
}


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


def run(trial: str, replications: int) -> dict[str, Found]:
    """Run one trial and return what came out of each outcome."""
    simulate = TRIALS[trial][0]
    runs = [simulate(number) for number in range(replications)]
    return {name: found_of(np.array([one[name] for one in runs])) for name in runs[0]}


def verdict(row: Row, found: Found) -> str:
    """Return whether it comes back: inside the published interval, or missed, or nothing to say it by."""
    if row.value is None:
        return ""
    if row.low is None or row.high is None:
        return f"no interval published; {found.ratio - row.value:+.2f}"
    return "inside" if row.low <= found.ratio <= row.high else "MISS"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--only", choices=TRIALS)
    chosen = options.parse_args()
    found: dict[tuple[str, str], Found] = {}
    for trial, (_, replications) in TRIALS.items():
        if chosen.only in (None, trial):
            results = run(trial, replications // 10 if chosen.quick else replications)
            found.update({(trial, name): one for name, one in results.items()})
            for row in (row for row in ROWS if row.trial == trial):
                one = results[row.outcome]
                print(f"{trial:26} {row.outcome:60} {row.evidence:10} {one.helped:8.4f} {one.others:8.4f} "
                      f"{one.ratio:6.3f} +- {one.error:.3f}  {row.value} {row.low} {row.high} {verdict(row, one)}", flush=True)
    if not chosen.quick and not chosen.only:
        from trials_page import write
        write(found)


if __name__ == "__main__":
    main()

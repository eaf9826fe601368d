"""Every trial whose effect is used, simulated inside the model: who was offered, what was measured, and when.

    python benchmarks/trials.py               some five minutes; writes docs/reference/trials.md and its picture
    python benchmarks/trials.py --quick       a tenth of the replications, printed only

Each trial is a pair of runs of one authority with the same random numbers. Until the trial begins they are the same;
then its cohort has the programme in one and not in the other, and those very children are compared.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from followed import Array, Followed, hazards
from trial_rows import ROWS, Found, Tally, found_of

from demandsim.vocabulary import DAYS_A_YEAR, LeavingRoute, Placement, State

#: Months since the start: a cohort joins in the second year.
JOIN, JOINED = 12, 24
HALF_A_YEAR = 183.0
#: Months from joining, before the age of 1, to the age of 7; and from going home.
TO_SEVEN, FIVE_YEARS = 72, 60
#: A relative risk at which a conference keeps everybody at home.
NOBODY_ENTERS = 1e-9
KEPT = Path(__file__).with_name("trials.csv")


def _shares(helped: Array, others: Array) -> Tally:
    return float(helped.sum()), float(helped.size), float(others.sum()), float(others.size)


def _rates(helped: Array, others: Array) -> Tally:
    """Return events and months until each child's first: (month, child) of whether it has happened by then."""
    return float(helped[-1].sum()), float((~helped).sum()), float(others[-1].sum()), float((~others).sum())


def _rose(lives: Array, *counters: str) -> Array:
    """Return (month, child): whether any of these has happened since the child's first month."""
    return np.asarray(sum((lives[name] > lives[name][0]).astype(int) for name in counters) > 0)


def _named(trial: str, *tallies: Tally) -> dict[str, Tally]:
    """Return tallies by the outcomes of a trial, in their order."""
    return dict(zip((row.outcome for row in ROWS if row.trial == trial), tallies, strict=True))


def _in_both(joined: Sequence[Mapping[int, int]]) -> tuple[Array, Array]:
    """Return the children who joined in the same month in both arms, and the month."""
    one, two = joined
    ids = sorted(id for id, month in one.items() if two.get(id) == month)
    return np.array(ids), np.array([one[id] for id in ids])


def _exposure(arms: tuple[Followed, Followed], lives: tuple[Array, Array], months: int) -> Tally:
    return _shares(
        *(hazards(arm, each, "harm_slope", True)[1 : months + 1] for arm, each in zip(arms, lives, strict=True))
    )


def _compared(arms: tuple[Followed, Followed], ids: Array, begun: Array, months: Sequence[int]) -> tuple[Array, Array]:
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
    ids, begun = _in_both(joined)
    for arm in arms:
        arm.note_each(JOINED + 1, JOINED + 24)
        arm.note_each(JOIN + 1 + TO_SEVEN, JOINED + TO_SEVEN)
    lives = _compared(arms, ids, begun, range(25))
    care = [each["state"] == State.LOOKED_AFTER for each in lives]
    since = np.array([arms[0].starts[month] for month in begun])
    # Those who join after a referral are those of the second trial; those under 1, of the third.
    referred = lives[0][0]["last_referral"] > since - HALF_A_YEAR
    young = lives[0][0]["adult_at"] - since > 17 * DAYS_A_YEAR
    later = [_rose(each[:19, referred], "enquiries", "plans", "periods") for each in lives]
    to_seven = _compared(arms, ids[young], begun[young], (0, TO_SEVEN))
    small = [_rose(each, "need_plans", "plans", "periods")[-1] for each in to_seven]
    return _named(
        "early help",
        _shares(*(each[19:25].any(axis=0) for each in care)),
        _shares(*(_rose(each, "periods")[-1] for each in lives)),
        _rates(*later),
        _shares(*(_rose(each[:19, referred], "episodes")[-1] for each in lives)),
        _shares(*(_contacts(arm, each)[1:19] for arm, each in zip(arms, lives, strict=True))),
        _shares(*(_rose(each, "plans")[-1] for each in lives)),
        _shares(*small),
        _exposure(arms, lives, 24),
    )


def _contacts(arm: Followed, lives: Array) -> Array:
    """Return the hazard of contact of those without a case."""
    return np.where(lives["state"] == State.CLOSED, hazards(arm, lives, "contact_slope", False), 0.0)


# -- programmes on open cases, conferences, returns home ---------------------------------------------------------------


def open_cases(replication: int) -> dict[str, Tally]:
    """Abused or neglected children on plans on a day, with half a year of a programme for all of them, or none."""
    places = {"prevention.open_cases": ((JOIN, 400.0), (JOIN + 6, 0.0))}
    arms = Followed(replication, 4, paths=places), Followed(replication, 4)
    for arm in arms:
        arm.note_each(JOIN, JOIN + 24)
    on_plan = arms[1].diary[JOIN]
    on_plan = on_plan[np.isin(on_plan["state"], (State.CHILD_IN_NEED, State.PROTECTION_PLAN)) & (on_plan["need"] == 0)]
    lives = _compared(arms, on_plan["id"], np.full(len(on_plan), JOIN), range(25))
    return _named(
        "programmes on open cases",
        _exposure(arms, lives, 24),
        _shares(*(_rose(each, "episodes", "enquiries")[-1] for each in lives)),
        _shares(*(each["state"][15] == State.PROTECTION_PLAN for each in lives)),
        _shares(*(_rose(each, "periods")[-1] for each in lives)),
    )


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
    pair = offered, without
    for arm in pair:
        arm.note_each(JOIN + 2, JOIN + 36)
    lives = _compared(pair, ids, np.full(len(ids), JOIN), range(37))
    care = [each["state"] == State.LOOKED_AFTER for each in lives]
    return _named(
        "family group conference",
        _shares(*(each[12] for each in care)),
        _shares(*(_rose(each, "periods")[12] for each in lives)),
        _shares(*(each[1:13] for each in care)),
        _shares(*(each[36] for each in care)),
    )


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
    ids, begun = _in_both(home)
    for arm in arms:
        arm.note_each(JOINED + 1, JOINED + 24)
        arm.note_each(JOIN + 1 + FIVE_YEARS, JOINED + FIVE_YEARS)
    lives = _compared(arms, ids, begun, (*range(25), FIVE_YEARS))
    back = [_rose(each, "periods") for each in lives]
    shares = (_shares(*(each[place] for each in back)) for place in (12, 24, -1))
    return _named("reunification support", *shares)


# -- children in care: relatives who become guardians, proceedings at the Family Drug and Alcohol Court ----------------


def kinship_allowances(replication: int) -> dict[str, Tally]:
    """Children on a day who have lived with relatives for a year and are not going home, all offered one, or none."""
    arms = Followed(replication, 5, paths={"prevention.kinship_allowances": ((JOIN, 40.0),)}), Followed(replication, 5)
    for arm in arms:
        arm.note(JOIN)
    children, cares = arms[1].children, arms[1].authority.memory.cares
    stays = ~np.isin(cares["route"], (LeavingRoute.HOME, LeavingRoute.ADOPTION)) & ~children["settled"]
    with_kin = (cares["placement"] == Placement.KINSHIP) & (cares["placed_at"] <= arms[1].starts[JOIN] - DAYS_A_YEAR)
    there = (children["id"] >= 0) & (children["state"] == State.LOOKED_AFTER)
    ids = np.sort(children["id"][there & stays & with_kin])
    for arm in arms:
        arm.note_each(JOIN + 24, JOIN + 24)
        arm.note_each(JOIN + 48, JOIN + 48)
    lives = _compared(arms, ids, np.full(len(ids), JOIN), (24, 48))
    return _named(
        "kinship allowances",
        _shares(*(~each["settled"][0] for each in lives)),
        *(_shares(*(each["state"][at] == State.LOOKED_AFTER for each in lives)) for at in (0, 1)),
    )


def _at_court(arm: Followed) -> tuple[dict[int, int], set[int]]:
    """Let a year of proceedings begin; return when, of the children with a place at the court, and who will go home."""
    begun: dict[int, int] = {}
    home = set()
    for month in range(JOIN + 1, JOINED + 1):
        arm.to(month)
        children, cares = arm.children, arm.authority.memory.cares
        # Proceedings may follow a time by agreement; before this year nobody has a place.
        there = (cares["fdac"] > 0) & (children["id"] >= 0) & (children["state"] == State.LOOKED_AFTER)
        for row in np.flatnonzero(there):
            begun.setdefault(int(children["id"][row]), month)
            if cares["route"][row] == LeavingRoute.HOME:
                home.add(int(children["id"][row]))
        arm.note(month)
    return begun, home


def fdac(replication: int) -> dict[str, Tally]:
    """Children in all proceedings of a year, each family with a place at the court, or with one that does nothing."""
    everybody = dict.fromkeys(("prevention.fdac_eligible", "prevention.fdac_take_up"), ((JOIN, 1.0),))
    places = {"prevention.fdac": ((JOIN, 40.0), (JOINED, 0.0)), **everybody}
    nothing = dict.fromkeys(("prevention.fdac_odds_ratio", "prevention.fdac_relative_risk"), ((JOIN, 1.0),))
    arms = Followed(replication, 7, paths=places), Followed(replication, 7, paths={**places, **nothing})
    joined = [_at_court(arm) for arm in arms]
    ids, begun = _in_both([each for each, _ in joined])
    go_home = [np.isin(ids, sorted(home)) for _, home in joined]
    for arm in arms:
        for years in range(1, 6):
            arm.note_each(JOIN + 1 + 12 * years, JOINED + 12 * years)
    lives = _compared(arms, ids, begun, range(0, 61, 12))
    since = np.array([arms[0].starts[month] for month in begun])
    in_both = np.all([(each["home_since"][1:5] > since).any(axis=0) for each in lives], axis=0)
    care = [each["state"] == State.LOOKED_AFTER for each in lives]
    return _named(
        "Family Drug and Alcohol Court",
        _shares(*go_home),
        _shares(*(_rose(each, "periods")[-1][in_both] for each in lives)),
        *(_shares(*(each[years] for each in care)) for years in (2, 5)),
    )


TRIALS: Mapping[str, tuple[Callable[[int], dict[str, Tally]], int]] = {
    "early help": (early_help, 12),
    "programmes on open cases": (open_cases, 8),
    "family group conference": (conference, 60),
    "reunification support": (reunification, 24),
    "kinship allowances": (kinship_allowances, 40),
    "Family Drug and Alcohol Court": (fdac, 40),
}


def run(trial: str, replications: int) -> dict[str, Found]:
    """Run one trial and return what came out of each outcome."""
    simulate = TRIALS[trial][0]
    runs = [simulate(number) for number in range(replications)]
    return {name: found_of(np.array([one[name] for one in runs])) for name in runs[0]}


def _keep(found: Mapping[tuple[str, str], Found]) -> None:
    with KEPT.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["trial", "outcome", *Found._fields])
        writer.writerows([*names, *(f"{value:.5g}" for value in one)] for names, one in found.items())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--page", action="store_true")
    chosen = options.parse_args()
    found: dict[tuple[str, str], Found] = {}
    for trial, (_, replications) in TRIALS.items() if not chosen.page else ():
        results = run(trial, max(3, replications // 6) if chosen.quick else replications)
        found.update({(trial, name): one for name, one in results.items()})
        for name, one in results.items():
            print(f"{trial}: {name}: {one.helped:.4f} {one.others:.4f} {one.ratio:.3f} ± {one.error:.3f}", flush=True)
    if not chosen.quick:
        if found:
            _keep(found)
        from trials_page import write

        write(KEPT)


if __name__ == "__main__":
    main()

"""Measure what the baseline takes from itself: how severe things are for children who start care, of whom those seeded
before the years simulated are made (`warm_up.py`), how care leavers left on average (`leaver.usual`), and how long
adopters take to be found (`care.matching_days`, V086).

    python tools/measured.py

Run it after a new fit; where a figure has moved, put it in by hand and fit again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))

from followed import Followed

from demandsim.vocabulary import DAYS_A_YEAR, FOSTERED, Placement, State

REPLICATIONS, MONTHS = 12, 36


def main() -> None:
    started: list[np.ndarray] = []
    helped: list[np.ndarray] = []
    left: list[np.ndarray] = []
    matched: list[np.ndarray] = []
    for replication in range(REPLICATIONS):
        run = Followed(replication, MONTHS // 12)
        run.to(1)
        rules = run.here.rules
        spreads = np.array([rules.permanent_spread, rules.slow_spread, rules.fast_spread])
        leavers: set[int] = set()
        for month in range(1, MONTHS + 1):
            now = run.note(month)
            new = (now["state"] == State.LOOKED_AFTER) & (now["care_started"] >= run.starts[month - 1])
            new &= ~now["settled"]
            started.append(np.stack([now[part][new] for part in ("permanent", "slow", "fast")]).T / spreads)
            helped.append(now["helped"][new])
            in_care = now[now["state"] == State.LOOKED_AFTER]
            cares = run.authority.memory.cares[in_care["row"]]
            moved_in = (cares["placement"] == Placement.FOR_ADOPTION) & (cares["placed_at"] >= run.starts[month - 1])
            ordered = cares["decided_at"][moved_in]
            age = 18.0 - (in_care["adult_at"][moved_in] - ordered) / DAYS_A_YEAR
            matched.append(np.stack([cares["placed_at"][moved_in] - ordered, age]).T)
            grown = now[now["state"] == State.CARE_LEAVER]
            for child in grown[~np.isin(grown["id"], list(leavers))]:
                leavers.add(int(child["id"]))
                care = run.authority.memory.cares[child["row"]]
                early = (child["adult_at"] - care["last_ended"]) / DAYS_A_YEAR
                many = np.log(max(1.0, float(care["placements"])))
                left.append(np.array([early, many, early <= 0.0 and int(care["placement"]) in FOSTERED]))
    parts, usual = np.concatenate(started), np.array(left)
    print("children who start care, in spreads of each part (permanent, slow, fast): mean, spread")
    print(" ", parts.mean(axis=0).round(2), parts.std(axis=0).round(2), f"of {len(parts)}")
    print("what help has taken off it, in standard deviations: mean", np.concatenate(helped).mean().round(2))
    print("care leavers (years before 18, logarithm of placements, share fostered until 18): mean")
    print(" ", usual.mean(axis=0).round(2), f"of {len(usual)}")
    days, years = np.concatenate(matched).T
    older = years >= 5.0
    print("days from placement order to match: mean (V086: 216), and from 5 years on against under 5 (V086: 2.5)")
    print(" ", days.mean().round(0), (days[older].mean() / days[~older].mean()).round(2), f"of {len(days)}")


if __name__ == "__main__":
    main()

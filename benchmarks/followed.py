"""Children of one authority followed month by month: for benchmarks that look at children and not at totals.

Nothing here is part of the model. An authority is run to the end of each month, and what is kept of every child known
is copied. Two arms of a trial are two such runs with the same random numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demandsim.draws import replication_key
from demandsim.engine.event_calendar import NOBODY
from demandsim.model.authority import Authority
from demandsim.model.simulate import calendar_of, get_ready, levers_of
from demandsim.model.warm_up import SEED_YEARS
from demandsim.results.tables import YEARS_BEFORE
from demandsim.scenario.levers import Path
from demandsim.scenario.read import read_scenario
from demandsim.vocabulary import State

Array = NDArray[Any]
SEED = 2016
_KEPT = (
    *("id", "adult_at", "severity", "permanent", "slow", "fast", "helped", "state", "need", "settled", "help_ends"),
    *("help_works", "home_since", "opened", "last_referral", "last_closed", "episodes", "need_plans", "enquiries"),
    "plans",
)
_MORE = (("row", np.int64), ("periods", np.int32), ("care_started", float), ("on_help", bool))
#: Of how often something has happened to a child: they never fall, and outlast the child's row.
COUNTERS = ("episodes", "need_plans", "enquiries", "plans", "periods")


class Followed:
    """One authority, and what was kept of its children at the end of each month.

    Args:
        replication: its number; the same one has the same random draws in every arm.
        years: after the start.
        changes: of the baseline, as `name=value`, in force from long before the start.
        paths: values that move, as points of (month, value) counted from the start: each holds from its month on.
        scenario: its name.
    """

    def __init__(
        self,
        replication: int,
        years: int,
        changes: Sequence[str] = (),
        paths: Mapping[str, Sequence[tuple[int, float]]] | None = None,
        scenario: str = "baseline",
        seed: int = SEED,
    ) -> None:
        get_ready()
        read = read_scenario(scenario, list(changes), years)
        calendar = calendar_of(read.start, read.years)
        self.starts = calendar.month_starts[12 * SEED_YEARS :]
        levers = levers_of(read, calendar)
        moved = {name: self._path(levers.base[name], steps) for name, steps in (paths or {}).items()}
        levers = replace(levers, paths={**levers.paths, **moved})
        self.authority = Authority(levers, replication_key(seed, replication), calendar, years)
        self.diary: dict[int, Array] = {}

    def _path(self, before: float, steps: Sequence[tuple[int, float]]) -> Path:
        points, last = [], before
        for month, value in steps:
            points += [(self.starts[month] - 0.5, last), (self.starts[month], value)]
            last = value
        return Path(tuple(points))

    @property
    def here(self) -> Any:
        """Return the world of this moment, whose fields can be read and written."""
        return self.authority.memory.here

    @property
    def children(self) -> Array:
        """Return the rows of all children, free ones too."""
        return self.authority.memory.children

    def to(self, month: int) -> None:
        """Let time pass to the end of the month before: to the start of a month, before anything of it happens."""
        moment = self.starts[month] - 1e-7
        if moment > self.authority.environment.now:
            self.authority.run(moment)

    def note(self, month: int) -> Array:
        """Let time pass to the start of a month; keep and return what children known are like, in order of id."""
        self.to(month)
        known = np.flatnonzero(self.children["id"] != NOBODY)
        known = known[np.argsort(self.children["id"][known])]
        kinds = [(name, self.children.dtype[name]) for name in _KEPT]
        kept = np.zeros(len(known), [*kinds, *_MORE])
        for name in _KEPT:
            kept[name] = self.children[name][known]
        cares = self.authority.memory.cares
        kept["row"], kept["periods"], kept["care_started"] = known, cares["periods"][known], cares["started"][known]
        kept["on_help"] = kept["help_ends"] > self.starts[month]
        self.diary[month] = kept
        return kept

    def note_each(self, first: int, last: int) -> None:
        """Keep what children are like at the start of each of these months."""
        for month in range(first, last + 1):
            self.note(month)

    def tables(self) -> dict[str, Array]:
        """Run to the end, and return the tables of the run as `simulate` does."""
        self.authority.run()
        memory = self.authority.memory
        months, years = memory.months[12 * (SEED_YEARS - YEARS_BEFORE) : -1], memory.years[SEED_YEARS - YEARS_BEFORE :]
        tables = {name: months[name] for name in ("count", "stock", "state_days", "placed_days", "spend")}
        return {**tables, "census": years["census"]}

    def of(self, month: int, ids: Array) -> Array:
        """Return what was kept of certain children at the start of a month; all zero of one not known any more."""
        kept = self.diary[month]
        places = np.minimum(np.searchsorted(kept["id"], ids), len(kept) - 1)
        found = kept[places]
        found[found["id"] != ids] = np.zeros(1, kept.dtype)
        return found

    def since(self, ids: Array, begun: Array, months: Sequence[int]) -> Array:
        """Return (month, child): what was kept of each child some months after its own first; counters never fall."""
        found = np.zeros((len(months), len(ids)), next(iter(self.diary.values())).dtype)
        for first in np.unique(begun):
            some = begun == first
            for place, month in enumerate(months):
                found[place, some] = self.of(int(first) + month, ids[some])
        for name in COUNTERS:
            found[name] = np.maximum.accumulate(found[name], axis=0)
        return found


def hazards(followed: Followed, lives: Array, slope: str, shielded: bool) -> Array:
    """Return exp(slope times severity), in each month of each life, as the model's hazards have it, 0 where unknown.

    Args:
        followed: the run that the lives are of.
        lives: as `since` returns them.
        slope: name of the parameter.
        shielded: multiply by what shields a child where it stands.
    """
    values, rules = followed.here.values, followed.here.rules
    found = np.exp(float(values[slope]) * np.minimum(lives["severity"], float(values.harm_cap)))
    if shielded:
        shield = np.asarray(rules.shield)[lives["state"]]
        shield = np.where((lives["state"] == State.CLOSED) & lives["on_help"], float(values.harm_shield[0]), shield)
        found = found * np.where(lives["settled"], float(rules.shield[State.LOOKED_AFTER]), shield)
    found *= np.asarray(rules.by_need)[lives["need"]]
    return np.where(lives["adult_at"] != 0, found, 0.0)

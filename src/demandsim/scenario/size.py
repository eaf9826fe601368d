"""How long a run takes and how much memory it needs, and whether this machine has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

from demandsim.problems import Problem, UserError
from demandsim.scenario.scenario import Scenario
from demandsim.scenario.together import Values, peak_of_families

#: Measured on one core of the machine of the day: ten years of 75,500 children, and the years before them, in 0.3
#: seconds.
#: Change both when the model changes.
SECONDS_A_CHILD_YEAR = 0.3 / (75_500 * 28)
MEGABYTES_A_PROCESS, MEGABYTES_A_CHILD = 200.0, 180e-6
#: Years that are simulated before the start.
YEARS_BEFORE = 18
#: Megabytes that a month of a replication fills while results are put together: 205 columns, in three copies.
_MEGABYTES_A_MONTH = 3 * 205 * 8 / 1e6
#: The families of the baseline for 10,000 children in a year; with more of them there is more to do.
_USUAL_FAMILIES = 165.0
#: Nobody waits longer than this.
MOST_DAYS = 30.0
_DAY = 86_400.0
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Size:
    """What a run needs.

    Attributes:
        seconds: of work, shared among the processes.
        megabytes: of memory at once.
    """

    seconds: float
    megabytes: float

    def __str__(self) -> str:
        return f"{_time(self.seconds)} and {_memory(self.megabytes)} of memory"


def size_of(scenario: Scenario, replications: int = 1, authorities: int = 0, jobs: int = 1) -> Size:
    """Return what a run needs, roughly.

    Args:
        scenario: what to simulate.
        replications: of it.
        authorities: simulated in each; 0 for one.
        jobs: processes.
    """
    values = Values(scenario.settings, scenario.years)
    busy = max(1.0, peak_of_families(values) / _USUAL_FAMILIES)
    children = (
        values.most("population.children") * max(1.0, 1 + values.most("population.growth") / 100) ** scenario.years
    )
    runs = replications * max(1, authorities)
    work = runs * children * (YEARS_BEFORE + scenario.years) * busy * SECONDS_A_CHILD_YEAR
    working = min(jobs, runs)
    kept = replications * 12 * (scenario.years + 1) * _MEGABYTES_A_MONTH
    return Size(
        work / working, (working + 1) * MEGABYTES_A_PROCESS + working * children * busy * MEGABYTES_A_CHILD + kept
    )


def check_size(
    scenario: Scenario,
    replications: int = 1,
    authorities: int = 0,
    jobs: int = 1,
    available: float | None = None,
) -> None:
    """Refuse a run that this machine can't hold, or that nobody waits for.

    Args:
        scenario: what to simulate.
        replications: of it.
        authorities: simulated in each; 0 for one.
        jobs: processes.
        available: megabytes of memory; this machine's unless given.

    Raises:
        UserError: with an estimate of time and memory.
    """
    size = size_of(scenario, replications, authorities, jobs)
    available = available_megabytes() if available is None else available
    if size.megabytes <= available and size.seconds <= MOST_DAYS * _DAY:
        return
    many = f"{replications:,} replication{'s' * (replications > 1)}"
    if size.megabytes > available:
        expected = f"at most the {_memory(available)} that this machine has free"
    else:
        expected = f"at most {MOST_DAYS:.0f} days"
    hint = "fewer --replications, --years or --jobs, or a smaller population.children"
    raise UserError(Problem(scenario.name, "", f"a run of {many} that needs about {size}", expected, hint))


def available_megabytes() -> float:
    """Return the memory that is free, or that a container leaves free."""
    free = float(psutil.virtual_memory().available)
    try:
        most, used = ((_CGROUP / name).read_text().strip() for name in ("memory.max", "memory.current"))
        free = min(free, float(most) - float(used))
    except (OSError, ValueError):  # no container, or one without a limit
        pass
    return max(free, 0.0) / 1e6


def _time(seconds: float) -> str:
    if seconds > 2 * _DAY:
        return f"{seconds / _DAY:,.0f} days"
    if seconds > 7_200:
        return f"{seconds / 3_600:,.0f} hours"
    return f"{seconds / 60:,.0f} minutes" if seconds > 120 else f"{seconds:,.0f} seconds"


def _memory(megabytes: float) -> str:
    return f"{megabytes / 1_000:,.1f} GB" if megabytes >= 1_000 else f"{megabytes:,.0f} MB"

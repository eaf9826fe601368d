"""Sweep one or two parameters: as many replications at each point as its precision takes, all with the same luck."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from demandsim.calendars import financial_year
from demandsim.experiment.execute import Workers
from demandsim.experiment.parts import Notice, Progress
from demandsim.experiment.points import Points
from demandsim.experiment.run import DEFAULT_SEED, default_jobs, manifest_of
from demandsim.experiment.turns import in_turn
from demandsim.results.checksums import seal
from demandsim.results.lock import alone
from demandsim.results.points import asked, place_of_year
from demandsim.results.store import write_table, writing
from demandsim.results.sweep import Axis, Point, Sweep, precise
from demandsim.scenario.ensemble import in_pairs
from demandsim.scenario.grid import Grid, grid_of, with_values
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import Scenario

#: Replications added at a time, and the fewest of any point: fewer say too little of how much they differ.
BATCH = 5
DEFAULT_MOST = 40
DEFAULT_PRECISION = 0.02


def sweep(
    scenario: str | Path | Scenario,
    grid: Grid | Mapping[str, Sequence[float]] | Sequence[str],
    *,
    measures: Sequence[str] = ("looked_after",),
    at: str | None = None,
    precision: float = DEFAULT_PRECISION,
    replications: int = DEFAULT_MOST,
    seed: int = DEFAULT_SEED,
    years: int | None = None,
    out: Path = Path("results"),
    jobs: int | Workers | None = None,
    again: bool = False,
    progress: Progress = lambda finished, wanted: None,
    notice: Notice = lambda text: None,
) -> Sweep:
    """Simulate a scenario with other values of some parameters, against the scenario as it is.

    Replications are added five at a time, six with an ensemble, until half the 90% interval of the paired difference is
    within `precision` of the reference's level, for the first measure in the year asked about.

    Args:
        scenario: a scenario, its file or its name.
        grid: points; values of each parameter by name; or texts as the command takes them, "demand.level=0.8:1.2:5".
        measures: ids of measures, or "extra_spend".
        at: year asked about, as 2017-18 or a date in it; the last one unless given.
        precision: a share, as 0.02.
        replications: the most at any point; an even number with an ensemble, two of each member.
        seed: master seed.
        years: to simulate, if not the scenario's own.
        out: folder for results; each point is kept there and not simulated again.
        jobs: processes, or who else does the work; all cores unless given.
        again: simulate points anew.
        progress: told how many replications are there of those wanted so far.
        notice: told of points that are damaged, and of another command that makes the same sweep.

    Raises:
        UserError: with everything wrong in what was given; or another command makes the same sweep and `jobs` says not
            to wait.
    """
    read = scenario if isinstance(scenario, Scenario) else read_scenario(scenario, years=years)
    if isinstance(grid, Mapping):
        grid = [f"{name}={','.join(map(repr, values))}" for name, values in grid.items()]
    if not isinstance(grid, Grid):
        grid = grid_of(read, grid)
    questions = asked(measures)
    labels = year_labels(read)
    year = place_of_year(labels, at)
    varied = [with_values(read, dict(zip(grid.names, values, strict=True))) for values in grid.points]
    replications = in_pairs(read, replications)
    key = [*(one.digest() for one in (read, *varied)), *(one.id for one in questions), labels[year]]
    digest = short_digest([*key, repr(precision), str(replications), str(seed)])
    points = Points(questions, seed, out, jobs or default_jobs(), again, notice)
    first = min(in_pairs(read, BATCH), replications)
    wanted = [(one, first) for one in (read, *varied)]
    with in_turn(out / f"sweep-{read.name}-{digest}", jobs, lambda: points.there(wanted), progress, notice):
        counts = _until_precise(points, read, varied, year, precision, replications, progress)
    found = tuple(
        Point(values, points.values(one, count)) for values, one, count in zip(grid.points, varied, counts, strict=True)
    )
    reference = points.values(read, max(counts))
    manifest = replace(manifest_of(read, max(counts), seed, False), digest=digest)
    axes = tuple(axis_of(read, name) for name in grid.names)
    return Sweep(manifest, axes, questions, labels, year, reference, found, precision, replications)


def _until_precise(
    points: Points,
    reference: Scenario,
    varied: Sequence[Scenario],
    year: int,
    precision: float,
    most: int,
    progress: Progress,
) -> list[int]:
    """Simulate every point until it is precise or has the most replications; return how many each has."""
    batch, members = in_pairs(reference, BATCH), len(reference.ensemble.members) if reference.ensemble else 0
    counts = [min(batch, most)] * len(varied)
    still = list(range(len(varied)))
    while still:
        points.bring([(reference, max(counts)), *zip(varied, counts, strict=True)], progress)
        usual = points.values(reference, max(counts))[:, year, 0]
        going_on = []
        for place in still:
            count = counts[place]
            change = points.values(varied[place], count)[:, year, 0] - usual[:count]
            if count < most and not precise(change, usual[:count], precision, members):
                going_on.append(place)
                counts[place] = min(count + batch, most)
        still = going_on
    return counts


def keep_sweep(swept: Sweep, out: Path) -> Path:
    """Write the table of a sweep into a folder of its own and return it."""
    folder = out / f"sweep-{swept.manifest.scenario}-{swept.manifest.digest}"
    with alone(folder), writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "sweep.csv", swept.rows())
        seal(folder, ["sweep.csv"])
    return folder


def short_digest(parts: Sequence[str]) -> str:
    """Return 8 characters that change whenever one of the parts does."""
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:8]


def axis_of(scenario: Scenario, name: str) -> Axis:
    """Return what charts and tables say of a parameter that is one number."""
    setting, parameter = scenario.settings[name], PARAMETERS[name]
    assert isinstance(setting.value, float)
    return Axis(name, parameter.meaning, parameter.unit, setting.value, str(setting.basis))


def year_labels(scenario: Scenario) -> list[str]:
    """Return the labels of the years a scenario simulates."""
    return [financial_year(year) for year in range(scenario.start.year, scenario.start.year + scenario.years)]

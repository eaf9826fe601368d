"""Does anything drift when nothing changes, and does a short push pass? Twenty years, and a tenth more contacts for a
quarter of a year.

    python benchmarks/drift.py                some three minutes; writes docs/reference/drift.md and its picture
    python benchmarks/drift.py --quick        a few replications, printed only
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from followed import Array, Followed
from matplotlib.figure import Figure
from pages import fill, picture, table

from demandsim.plots.style import FOURTH, GREY, MAIN, SECOND, THIRD
from demandsim.results.measures import MEASURES
from demandsim.results.points import measured
from demandsim.scenario.parameters import LOOPS
from demandsim.scenario.read import read_scenario

STEADY = (
    "demand.before=[1,1,1,1,1]",
    "demand.after=1",
    "enquiry.before=[1,1,1,1,1]",
    "enquiry.after=1",
    "population.growth=0",
    "demand.growth=0",
    "start.care_starts=22",
)
#: Posts and money for more work than there is, and no loop.
UNPRESSED = (*STEADY, *(f"loop.{name}=0" for name in LOOPS), "workforce.posts=40", "budget.total=3000")
YEARS, REPLICATIONS = 20, 10
#: The push: a tenth more contacts from this month for so many; years that it is followed after.
PUSHED, PUSH_MONTHS, AFTER = 36, 3, 4
MEASURED = ("children_in_need", "plans", "looked_after", "exposure", "contacts", "back_in_care")
STOCKS = MEASURED[:4]
COLOURS = dict(zip(STOCKS, (MAIN, SECOND, THIRD, FOURTH), strict=True))
WITHIN = 1.0
OVER = "yes"


def _measured(tables: dict[str, Array]) -> Array:
    return measured(tables)[:, [list(MEASURES).index(name) for name in MEASURED]]


def steady(changes: Sequence[str], replications: int) -> Array:
    """Return (replication, year, measure) of twenty years in which nothing changes."""
    return np.array([_measured(Followed(number, YEARS, changes).tables()) for number in range(replications)])


def setting_of(strength: float, posts: float) -> tuple[str, ...]:
    """Return changes that set every loop's strength, and posts against those fitted."""
    value = read_scenario("baseline").settings["workforce.posts"].value
    assert isinstance(value, float | int)
    return (*STEADY, *(f"loop.{name}={strength:g}" for name in LOOPS), f"workforce.posts={posts * value:g}")


def after_a_rise(changes: Sequence[str], replications: int) -> tuple[Array, Array]:
    """Return (replication, year since the push, measure): the level without it, and what it changes."""
    push = {"demand.level": ((PUSHED, 1.1), (PUSHED + PUSH_MONTHS, 1.0))}
    first, years = PUSHED // 12, PUSHED // 12 + AFTER
    runs = [
        [_measured(Followed(number, years, changes, paths).tables())[first:] for paths in (push, {})]
        for number in range(replications)
    ]
    values: Array = np.array(runs)
    return values[:, 1], values[:, 0] - values[:, 1]


def _error(values: Array) -> Array:
    return np.asarray(values.std(axis=0, ddof=1) / len(values) ** 0.5)


def _trend(values: Array) -> tuple[Array, Array]:
    """Return what the measures change by in a year, % of the first year's, after the first, and the error of it."""
    years = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    slopes = np.einsum("y,rym->rm", years, values) / (years**2).sum() / values[:, 0].mean(axis=0) * 100
    return slopes.mean(axis=0), _error(slopes)


def _by_year(runs: dict[str, Array]) -> str:
    years = (1, 2, 3, 5, 10, 15, 20)
    rows = []
    for setting, values in runs.items():
        slopes, errors = _trend(values[:, 1:])
        for place, name in enumerate(MEASURED):
            mean = values[:, :, place].mean(axis=0)
            cells = [f"{mean[year - 1]:,.1f}" if mean[0] < 1000 else f"{mean[year - 1]:,.0f}" for year in years]
            rows.append([setting, MEASURES[name].label, *cells, f"{slopes[place]:+.2f} ± {errors[place]:.2f}"])
    return table(["setting", "measure", *(f"year {year}" for year in years), "% a year"], rows)


def _passed(left: Array) -> str:
    """Say whether what is left of a push in each replication, in per cent, is next to nothing."""
    rest, error = abs(left.mean()), 2 * _error(left[:, None])[0]
    return OVER if rest + error < WITHIN else "NO" if rest - error > WITHIN else "not told"


def _after(runs: dict[str, tuple[Array, Array]]) -> str:
    rows = []
    for setting, (level, change) in runs.items():
        for place, name in enumerate(STOCKS):
            part = 100 * change[:, :, place] / level[:, :, place].mean(axis=0)
            cells = [f"{mean:+.2f} ± {error:.2f}" for mean, error in zip(part.mean(axis=0), _error(part), strict=True)]
            rows.append([setting, MEASURES[name].label, *cells, _passed(part[:, -1])])
    years = ["year of the push, %", *(f"{number} later" for number in range(1, AFTER))]
    return table(["setting", "measure", *years, f"within {WITHIN:g}% after three years"], rows)


def _moves_most(setting: str, values: Array) -> str:
    """Say which stock the last year has moved most, as a title."""
    means = values.mean(axis=0)
    moved = {name: float(means[-1, place] / means[0, place]) for place, name in enumerate(STOCKS)}
    name = max(moved, key=lambda one: abs(moved[one] - 1.0))
    return f"{setting}: {MEASURES[name].label.lower()} {100 * (moved[name] - 1.0):+.0f}%"


def _finding(pushes: dict[str, tuple[Array, Array]]) -> str:
    """Say of how many changes it is told that they are over at the end, as a title."""
    said = [
        _passed(100 * change[:, -1, place] / level[:, -1, place].mean())
        for level, change in pushes.values()
        for place in range(len(STOCKS))
    ]
    return f"after three years {said.count(OVER)} of {len(said)} are below {WITHIN:g}%"


def _draw(runs: dict[str, Array], pushes: dict[str, tuple[Array, Array]], figure: Figure) -> None:
    axes = figure.subplots(1, len(runs) + 1)
    for place, (setting, values) in enumerate(runs.items()):
        for column, name in enumerate(STOCKS):
            mean = values[:, :, column].mean(axis=0)
            axes[place].plot(range(1, YEARS + 1), 100 * mean / mean[0], color=COLOURS[name], label=MEASURES[name].label)
        axes[place].set_title(f"{_moves_most(setting, values)}\n(first year = 100)")
        axes[place].set_ylim(90, 125)
        axes[place].set_xlabel("year")
    axes[0].legend(frameon=False, fontsize=7, loc="upper left")
    for level, change in pushes.values():
        for at, name in enumerate(STOCKS):
            axes[-1].plot(
                range(AFTER),
                100 * (change[:, :, at] / level[:, :, at].mean(axis=0)).mean(axis=0),
                lw=1,
                color=COLOURS[name],
            )
    axes[-1].axhspan(-WITHIN, WITHIN, color=GREY, alpha=0.15)
    axes[-1].set_title(f"{_finding(pushes)}\n(a tenth more contacts, change in %)")
    axes[-1].set_xticks(range(AFTER))
    axes[-1].set_xlabel("years after the push")


def main() -> None:
    quick = "--quick" in sys.argv
    number = 4 if quick else REPLICATIONS
    runs = {"nothing presses": steady(UNPRESSED, number), "as fitted": steady(STEADY, number)}
    print(_by_year(runs), flush=True)
    settings = {
        f"loops times {strength:g}" + (", a fifth fewer posts" if posts < 1 else ""): (strength, posts)
        for posts in (1.0, 0.8)
        for strength in (1.0, 0.5, 2.0)
    }
    pushes = {name: after_a_rise(setting_of(*setting), number) for name, setting in settings.items()}
    print(_after(pushes), flush=True)
    if not quick:
        fill("drift.md", steady=_by_year(runs), push=_after(pushes))
        picture("drift", (9.5, 3.2), lambda figure: _draw(runs, pushes, figure))


if __name__ == "__main__":
    main()

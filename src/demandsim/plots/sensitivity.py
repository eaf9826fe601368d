"""What a difference turns on: a bar from the difference at a parameter's posterior 5% to that at its 95%."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demandsim.plots.style import LIGHT, MAIN, SECOND, WIDTH, Picture
from demandsim.plots.what_ifs import DARK, beside, short_names, wrapped
from demandsim.results.comparison import Comparison
from demandsim.results.sensitivity import Effect, Sensitivity, sensitivity_rows
from demandsim.results.words import figures

_NOTE = (
    "Each bar: the mean difference with one parameter at its posterior 5% and at its 95%, all others as drawn. "
    "Whisker: 90% simulation error of how far the two ends are apart; pale bar: not told apart. Dashed: the difference "
    "as drawn. Per cent: share of the variance of the difference."
)


def sensitivity(comparison: Comparison) -> Picture:
    """A tornado for each outcome of each what-if."""
    panels = [
        (name, one)
        for name, other in zip(short_names(comparison), comparison.others, strict=True)
        for one in other.sensitivity
    ]
    named = [(other.run.manifest.scenario, other.sensitivity) for other in comparison.others]
    most = max(len(one.effects) for _, one in panels)
    return Picture(
        "sensitivity",
        _title([one for _, one in panels]),
        _NOTE,
        (WIDTH, 1.5 + len(panels) * (0.75 + 0.36 * most)),
        _drawing(panels, len(comparison.others) > 1),
        list(sensitivity_rows(named)),
        beside=beside(comparison),
        of_replications=False,
    )


def _title(every: Sequence[Sensitivity]) -> str:
    first = every[0]
    seen = [effect for effect in first.effects if effect.seen]
    if not seen:
        return f"{_short(first)} turns on no single parameter that can be seen"
    meaning = seen[0].meaning
    return f"{_short(first)} turns most on {meaning[0].lower()}{meaning[1:]}"


def _short(one: Sensitivity) -> str:
    label = one.label.split(" (")[0]
    return label[0].upper() + label[1:]


def _drawing(panels: Sequence[tuple[str, Sensitivity]], several: bool) -> Callable[[Figure], None]:
    def draw(figure: Figure) -> None:
        heights = [max(1, len(one.effects)) for _, one in panels]
        grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)
        for axes, (name, one) in zip(grid.flat, panels, strict=True):
            _panel(axes, one)
            title = f"{_short(one)}, {one.when}"
            axes.set_title(f"{name}: {title[0].lower()}{title[1:]}" if several else title)

    return draw


def _panel(axes: Axes, one: Sensitivity) -> None:
    for place, effect in enumerate(one.effects):
        _bar(axes, place, effect)
    axes.axvline(0, color=DARK, linewidth=0.8, zorder=1)
    axes.axvline(one.drawn.mean, color=DARK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    labels = [f"{wrapped(effect.meaning, 50, 2)}\n{effect.key}" for effect in one.effects]
    axes.set_yticks(range(len(labels)), labels, fontsize=6)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(f"{one.unit}, difference from the reference", fontsize=7)
    axes.margins(x=0.2)
    axes.annotate(
        "share of the variance",
        (1, 1),
        xycoords="axes fraction",
        xytext=(-2, 3),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=6,
        color=DARK,
    )
    axes.grid(axis="x")
    axes.grid(visible=False, axis="y")


def _bar(axes: Axes, place: int, effect: Effect) -> None:
    low, high = effect.at_low.mean, effect.at_high.mean
    left, right = min(low, high), max(low, high)
    axes.barh(place, right - left, left=left, height=0.55, color=MAIN if effect.seen else LIGHT, zorder=2)
    error = effect.swing.error / 2
    for whisker in ((left - error, left), (right, right + error)):
        axes.plot(whisker, [place, place], color=DARK, linewidth=0.9, zorder=3)
    ends = ((low, effect.low, low <= high), (high, effect.high, high < low))
    for value, at, on_left in ends:
        side = left - error if on_left else right + error
        axes.annotate(
            figures(at).replace("-", "\u2212"),
            (side, place),
            xytext=(-3 if on_left else 3, 0),
            textcoords="offset points",
            ha="right" if on_left else "left",
            va="center",
            fontsize=6,
            color=DARK,
        )
        axes.plot(value, place, "|", color=SECOND, markersize=9, markeredgewidth=1.6, zorder=4)
    axes.annotate(
        f"{100 * effect.share:.0f}%",
        (1, place),
        xycoords=("axes fraction", "data"),
        xytext=(-2, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=6.5,
        weight="bold",
        color=DARK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )

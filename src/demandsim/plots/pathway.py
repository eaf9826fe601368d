"""The pathway as a diagram: boxes for steps, arrows as wide as the flow they carry."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ArrowStyle, FancyArrowPatch, FancyBboxPatch

from demandsim.pathway import BOXES, FLOWS
from demandsim.plots.style import GREY, LIGHT, MAIN, Picture
from demandsim.results.store import Results
from demandsim.results.tables import YEARS_BEFORE
from demandsim.results.year import Year

#: Where each step's box stands: columns from left to right, rows from the bottom.
_PLACES = {
    "contact": (0.0, 3.0),
    "no action": (0.0, 4.7),
    "early help": (1.65, 4.7),
    "referral": (1.65, 3.0),
    "assessment": (3.3, 3.0),
    "enquiry": (3.3, 1.3),
    "conference": (5.0, 1.3),
    "need": (5.0, 3.0),
    "plan": (6.7, 1.3),
    "closed": (4.15, 4.7),
    "care": (6.7, 3.0),
    "home": (8.5, 4.7),
    "adoption": (8.5, 3.85),
    "guardianship": (8.5, 3.0),
    "other": (8.5, 2.15),
    "leaver": (8.5, 1.3),
}
_BOX = (1.0, 0.5)
#: Arrows that would run over a box or another arrow bend by this much.
_BEND = {
    ("assessment", "care"): 0.34,
    ("plan", "closed"): 0.26,
    ("home", "care"): 0.28,
    ("care", "home"): 0.0,
    ("guardianship", "care"): 0.55,
    ("referral", "closed"): -0.12,
}
#: Where along the arrow its number stands, if the middle is taken.
_LABEL_AT = {
    ("plan", "closed"): 0.72,
    ("referral", "closed"): 0.62,
    ("assessment", "early help"): 0.68,
    ("assessment", "care"): 0.5,
    ("need", "care"): 0.33,
    ("home", "care"): 0.42,
    ("care", "home"): 0.55,
    ("guardianship", "care"): 0.4,
}
#: What a step's arrows leave out, where they do: of those that come in and of those that go on.
_BESIDE = {
    "assessment": ("after enquiries\nnot substantiated", "turned 18 or waiting"),
    "enquiry": ("harm seen", "not substantiated"),
    "conference": ("others", "no plan"),
}
#: Share of those who come in from which it is said.
_SAID = 0.02


def pathway(results: Results) -> Picture:
    """Flows of the first year through the whole journey: of England, or of an authority with figures of its own."""
    year = Year(results.tables, YEARS_BEFORE)
    label = results.year_labels()[YEARS_BEFORE]
    own = bool(results.manifest.targets)
    scale, whose = (1.0, "this authority") if own else (results.manifest.scale_to_england, "England")
    times = "" if own else " times the number of such authorities in England"
    flows = {
        (way.source, way.target): float(
            (year.count(*way.counts) - (year.count(*way.minus) if way.minus else 0.0)).mean() * scale
        )
        for way in FLOWS
    }
    rows: list[tuple[Any, ...]] = [("from", "to", f"children in the year, {whose}")]
    rows += [(BOXES[source], BOXES[target], f"{flow:.0f}") for (source, target), flow in flows.items()]

    def draw(figure: Figure) -> None:
        diagram(figure.subplots(), flows)

    return Picture(
        "pathway",
        _title(flows, label, whose),
        f"Children taking each step. Mean over replications{times}. Widths grow with the square root of "
        "the flow. Contacts and referrals count a child each time. Below a step, what its arrows leave out.",
        (10.4, 5.4),
        draw,
        rows,
    )


def _title(flows: dict[tuple[str, str], float], label: str, whose: str) -> str:
    """Return how many contacts become referrals, and how many plans and periods of care start in the year."""
    contacts = sum(flow for (source, _), flow in flows.items() if source == "contact")
    plans, care = (sum(flow for (_, target), flow in flows.items() if target == step) for step in ("plan", "care"))
    referred = f"{100 * flows['contact', 'referral'] / contacts:.0f}%" if contacts else "none"
    started = f"{_in_words(plans)} child protection plans and {_in_words(care)} periods of care start"
    where = f"{whose[0].upper()}{whose[1:]} in {label}"
    return f"{where}: {referred} of {_in_words(contacts)} contacts become referrals; {started}"


def diagram(axes: Axes, flows: dict[tuple[str, str], float]) -> Axes:
    """Draw boxes and arrows; `flows` by source and target."""
    largest = max(flows.values())
    for way, flow in flows.items():
        start, end = _ends(way)
        axes.add_patch(_arrow(start, end, _BEND.get(way, 0.0), 0.6 + 7.5 * (flow / largest) ** 0.5))
        axes.text(
            *_label_place(way, start, end),
            _short(flow),
            fontsize=6.8,
            ha="center",
            va="center",
            bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
            zorder=6,
        )
    for step in _PLACES:
        _draw_box(axes, step)
    for step, words in beside(flows).items():
        x, y = _PLACES[step]
        left = x - (0.7 if "\n" in words else 0.5) * _BOX[0]  # room for an arrow that starts to the right
        axes.text(left, y - _BOX[1] / 2 - 0.06, words, fontsize=6.3, color=GREY, ha="left", va="top", zorder=9)
    axes.set_xlim(-0.6, 9.1)
    axes.set_ylim(0.8, 5.0)
    axes.set_axis_off()
    return axes


def beside(flows: dict[tuple[str, str], float]) -> dict[str, str]:
    """Return for each step whose arrows don't add up what is missing, with its number."""
    found = {}
    for step, (more, less) in _BESIDE.items():
        came = sum(flow for (_, target), flow in flows.items() if target == step)
        went = sum(flow for (source, _), flow in flows.items() if source == step)
        if abs(came - went) >= _SAID * came:
            found[step] = f"{_short(came - went)} {less}" if came > went else f"and {_short(went - came)} {more}"
    return found


def _ends(way: tuple[str, str]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where the arrow from one step to another starts and ends."""
    (x0, y0), (x1, y1) = (_PLACES[step] for step in way)
    if way == ("assessment", "care"):
        # Below the plan at home, which stands between the two.
        return (x0 + 0.3, y0 - _BOX[1] / 2), (x1 - 0.3, y1 - _BOX[1] / 2)
    return _edge(x0, y0, x1, y1), _edge(x1, y1, x0, y0)


def _arrow(start: tuple[float, float], end: tuple[float, float], bend: float, line: float) -> FancyArrowPatch:
    return FancyArrowPatch(
        start,
        end,
        connectionstyle=f"arc3,rad={bend}",
        arrowstyle=ArrowStyle.Simple(tail_width=line, head_width=line + 5, head_length=6 + line / 3),
        facecolor=LIGHT,
        edgecolor="none",
        shrinkA=0,
        shrinkB=0,
    )


def _label_place(way: tuple[str, str], start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Return where the number of an arrow stands: on the bend."""
    place = _LABEL_AT.get(way, 0.5)
    bend = _BEND.get(way, 0.0) * 4 * place * (1 - place)
    along, up = end[0] - start[0], end[1] - start[1]
    return start[0] + along * place + bend * up * 0.5, start[1] + up * place - bend * along * 0.5


def _draw_box(axes: Axes, step: str) -> None:
    (x, y), (width, height) = _PLACES[step], _BOX
    axes.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0.02,rounding_size=0.06",
            facecolor="white",
            edgecolor=GREY if step in ("closed", "no action") else MAIN,
            linewidth=1.2,
            zorder=7,
        )
    )
    axes.text(x, y, BOXES[step].replace(" ", "\n", 1), ha="center", va="center", fontsize=7.4, zorder=8)


def _edge(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float]:
    """Return where the line from a box's centre towards another point leaves the box."""
    dx, dy = x1 - x0, y1 - y0
    reach = min(_BOX[0] / 2 / abs(dx) if dx else 9.0, _BOX[1] / 2 / abs(dy) if dy else 9.0)
    return x0 + dx * reach, y0 + dy * reach


def _short(flow: float) -> str:
    return f"{flow / 1e6:.2f}m" if flow >= 1e6 else f"{flow / 1e3:,.0f}k" if flow >= 1e4 else f"{flow / 1e3:.1f}k"


def _in_words(flow: float) -> str:
    """Return a flow as a sentence has it, in three figures."""
    return f"{flow / 1e6:.2f} million" if flow >= 1e6 else f"{float(f'{flow:.3g}'):,.0f}"

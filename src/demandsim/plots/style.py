"""How every picture looks, and how it is saved: PNG, SVG, and the numbers behind it as CSV.

The palette and the rules are those of the Government Analysis Function: colours that stand apart in greyscale and for
colour-blind readers, labels on the lines and not in a legend, units, bars from zero, source and run in the caption.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import matplotlib
from afcharts.af_colours import get_af_colours
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from demandsim.problems import one_line
from demandsim.results.atomic_write import atomic_write, write_table, writing
from demandsim.results.manifest import Manifest

PALETTE: list[str] = get_af_colours("categorical")
MAIN, SECOND, THIRD, FOURTH = PALETTE[:4]
GREY = "#6B7276"
LIGHT = "#9DB4C9"  #: the main colour, lightened rather than made transparent, for what lies under something
PUBLISHED = "Published: Ofsted social care report 2013-14 and the DfE statistics it cites (OGL v3.0)."
GIVEN = "Given: the figures of the targets file, with the source that it names."
WIDTH = 7.6
_RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "text.parse_math": False,  # a title with a dollar sign is no formula
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "svg.hashsalt": "demandsim",
    "figure.constrained_layout.use": False,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what is behind it.

    Attributes:
        name: of its files.
        title: what it shows, in about ten words.
        note: how to read it: what a band or a point is.
        size: width and height in inches.
        draw: draws on a figure, below the title and above the caption.
        rows: the numbers, the heading first.
        source: of the published figures in it.
        beside: what the scenario is set against, if anything.
        of_replications: whether its intervals are those over replications; else the note says what they are.
    """

    name: str
    title: str
    note: str
    size: tuple[float, float]
    draw: Callable[[Figure], None]
    rows: Sequence[Sequence[Any]]
    source: str = ""
    beside: str = ""
    of_replications: bool = True


@contextmanager
def house_style() -> Any:
    with matplotlib.rc_context(_RC):
        yield


def run_line(manifest: Manifest, of_replications: bool = True) -> str:
    """Return which run a picture shows, and what its intervals hold if they are over its replications."""
    replications = f"{manifest.replications} replication{'s' if manifest.replications > 1 else ''}"
    run = f"{manifest.scenario} ({manifest.digest}), {replications}, seed {manifest.seed}"
    intervals = f"; intervals: {manifest.intervals}" if of_replications and manifest.replications > 1 else ""
    whose = f" {manifest.whose}." if manifest.whose else ""
    return f"Run: demandsim {manifest.version}, {run}{intervals}.{whose}"


@dataclass(frozen=True, slots=True)
class _Words:
    """What stands around a picture in its file, and the inches it takes above and below."""

    title: str
    caption: str
    above: float
    below: float


def caption_of(picture: Picture, manifest: Manifest) -> str:
    """Return how to read a picture, where its published figures come from, and which run it shows."""
    return one_line(f"{picture.note} {picture.source} {run_line(manifest, picture.of_replications)}")


def title_lines(title: str, width: float = WIDTH) -> list[str]:
    """Return a title as the lines it takes above a picture of a width in inches."""
    return textwrap.wrap(one_line(title), int(int(width * 19) * 0.5))


def _words_around(picture: Picture, manifest: Manifest) -> _Words:
    width = int(picture.size[0] * 19)
    title = "\n".join(title_lines(picture.title, picture.size[0]))
    caption = textwrap.fill(caption_of(picture, manifest), width)
    above = 0.38 + 0.19 * (title.count("\n") + 1)
    return _Words(title, caption, above, 0.16 + 0.145 * (caption.count("\n") + 1))


def save(picture: Picture, folder: Path, manifest: Manifest) -> list[Path]:
    """Draw a picture and write its PNG, SVG and CSV; return the files."""
    with house_style():
        figure, stem = figure_of(picture, manifest), folder / picture.name
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for suffix in (".png", ".svg"):
                with atomic_write(stem.with_suffix(suffix)) as stream:
                    _write(figure, stream, suffix[1:])
            write_table(stem.with_suffix(".csv"), picture.rows)
    return [stem.with_suffix(suffix) for suffix in (".png", ".svg", ".csv")]


def figure_of(picture: Picture, manifest: Manifest) -> Figure:
    """Return a picture as a figure, its title above, how to read it and which run it shows below."""
    with house_style():
        # Pyplot would keep one that it made until it is closed, and choose how a notebook draws.
        figure = Figure(figsize=picture.size)
        words, height = _words_around(picture, manifest), picture.size[1]
        _text(figure, 1 - 0.1 / height, words.title, fontsize=11, fontweight="bold", va="top")
        under = 1 - (0.17 + 0.19 * (words.title.count("\n") + 1)) / height
        _text(figure, under, one_line(picture.beside or manifest.title), fontsize=8, color="#444444", va="top")
        _text(figure, 0.06 / height, words.caption, fontsize=6.5, color="#444444", va="bottom")
        picture.draw(figure)
        figure.tight_layout(rect=(0, words.below / height, 1, 1 - words.above / height), h_pad=1.4, w_pad=1.2)
    return figure


def drawing(picture: Picture, manifest: Manifest, format: str) -> bytes:
    """Return a picture alone, as SVG or PNG: a page says its title and its caption in words of its own."""
    words, stream = _words_around(picture, manifest), io.BytesIO()
    with house_style():
        figure = Figure(figsize=(picture.size[0], picture.size[1] - words.above - words.below + 0.1))
        picture.draw(figure)
        figure.tight_layout(rect=(0, 0, 1, 1), h_pad=1.4, w_pad=1.2)
        _write(figure, stream, format)
    return stream.getvalue()


def _write(figure: Figure, stream: BinaryIO, format: str) -> None:
    metadata = {"Date": None} if format == "svg" else {"Software": None}
    figure.savefig(stream, format=format, dpi=160, metadata=metadata)


def _text(figure: Figure, height: float, text: str, **how: Any) -> None:
    """Write words of a user at the left of a figure: a $ in them is one, not the beginning of a formula."""
    figure.text(0.012, height, text, parse_math=False, **how)


def thousands(axes: Axes) -> None:
    """Write numbers with commas on the upright axis, from zero: whole ones, unless it is too short for that."""
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins="auto", integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:,.0f}" if value == round(value) else f"{value:.2g}")
    )


def years_below(axes: Axes, labels: Sequence[str], every: int = 2) -> None:
    """Label a year axis whose places are 0, 1, 2, ..."""
    places = list(range(0, len(labels), every))
    axes.set_xticks(places, [labels[place] for place in places])
    axes.tick_params(axis="x", length=0)

"""Results in a notebook: what commands print, the pictures they draw and the tables they write, of one result."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from demandsim.cli.comparison import print_comparison
from demandsim.cli.output import captured
from demandsim.cli.show import print_headline
from demandsim.cli.solve import print_solved
from demandsim.cli.sweep import print_sweep
from demandsim.plots import comparison as of_comparison
from demandsim.plots import gallery
from demandsim.plots.solve import response
from demandsim.plots.style import Picture, figure_of, save
from demandsim.plots.sweep import pictures as of_sweep
from demandsim.problems import Problem, UserError, did_you_mean
from demandsim.results.beside import figures_of
from demandsim.results.comparison import Comparison
from demandsim.results.comparison_tables import money_rows, payer_rows, rows
from demandsim.results.manifest import Manifest, Results
from demandsim.results.solve import Solved
from demandsim.results.summary import summary_rows
from demandsim.results.sweep import Sweep

Rows = Iterable[Sequence[Any]]
Tables = dict[str, Callable[[], Any]]
#: How tables write what is not known.
_NOT_KNOWN = ("", "nan")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a result.

    Attributes:
        picture: what it shows, and the numbers behind it.
        manifest: of the run it shows.
    """

    picture: Picture
    manifest: Manifest

    @property
    def figure(self) -> Figure:
        """Return a Matplotlib figure, drawn afresh: change it as you like."""
        return figure_of(self.picture, self.manifest)

    def _repr_png_(self) -> bytes:
        stream = io.BytesIO()
        self.figure.savefig(stream, format="png", dpi=110)
        return stream.getvalue()

    def __repr__(self) -> str:
        return f"{self.picture.title} (a picture; .save(folder) writes it)"

    def save(self, folder: str | Path = ".") -> list[Path]:
        """Write the picture as PNG and SVG, and its numbers as CSV; return the files."""
        return save(self.picture, Path(folder), self.manifest)


def summary(result: Any) -> str:
    """Return what the command prints of a result."""
    with captured() as lines:
        _print(result)
    return "\n".join(lines).strip("\n")


def plot(result: Any, name: str = "") -> Drawing:
    """Return a picture of a result.

    Raises:
        UserError: there is none of that name.
    """
    manifest = result.reference.manifest if isinstance(result, Comparison) else result.manifest
    return Drawing(_one_of(".plot", name, _pictures(result))(), manifest)


def frame(result: Any, table: str = "") -> Any:
    """Return a table of a result as a pandas data frame.

    Raises:
        UserError: there is none of that name.
        ImportError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise ImportError('to_frame needs pandas: pip install "demandsim[pandas]"') from None
    content = _one_of(".to_frame", table, _tables(result))()
    if isinstance(content, pd.DataFrame):
        return content
    headings, *cells = content
    return pd.DataFrame(cells, columns=list(headings)).apply(_numbers)


def _numbers(column: Any) -> Any:
    """Return a column as numbers if all its cells are; an empty one is not known."""
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce")
    return numbers if (numbers.notna() | column.isin(_NOT_KNOWN)).all() else column


def _one_of(where: str, name: str, known: dict[str, Callable[[], Any]]) -> Callable[[], Any]:
    if not name:
        return next(iter(known.values()))
    if name not in known:
        found = repr(name) + did_you_mean(name, known)
        raise UserError(Problem(where, "", found, "one of: " + ", ".join(known), f"{where}({next(iter(known))!r})"))
    return known[name]


@singledispatch
def _print(result: Any) -> None:
    raise TypeError(type(result))


@_print.register
def _(result: Results) -> None:
    print_headline(result)


@_print.register
def _(result: Comparison) -> None:
    print_comparison(result, result.years[-1])


@_print.register
def _(result: Sweep) -> None:
    print_sweep(result)


@_print.register
def _(result: Solved) -> None:
    print_solved(result)


@singledispatch
def _pictures(result: Any) -> dict[str, Callable[[], Picture]]:
    raise TypeError(type(result))


@_pictures.register
def _(result: Results) -> dict[str, Callable[[], Picture]]:
    return {make.__name__: _made(make, result) for make in gallery.PICTURES}


@_pictures.register
def _(result: Comparison) -> dict[str, Callable[[], Picture]]:
    return {make.__name__: _made(make, result) for make in of_comparison.PICTURES}


@_pictures.register
def _(result: Sweep) -> dict[str, Callable[[], Picture]]:
    return {picture.name: _made(lambda kept: kept, picture) for picture in of_sweep(result)}


@_pictures.register
def _(result: Solved) -> dict[str, Callable[[], Picture]]:
    return {"response": _made(response, result)}


def _made(make: Callable[[Any], Any], of: Any) -> Callable[[], Any]:
    return lambda: make(of)


@singledispatch
def _tables(result: Any) -> Tables:
    raise TypeError(type(result))


@_tables.register
def _(result: Results) -> Tables:
    def kept(name: str) -> Callable[[], Any]:
        import pyarrow.parquet as pq

        return lambda: pq.read_table(result.folder / f"{name}.parquet").to_pandas()

    summary: Tables = {"summary": lambda: summary_rows(result.tables, result.manifest, figures_of(result))}
    return summary | {name: kept(name) for name in result.manifest.kinds}


@_tables.register
def _(result: Comparison) -> Tables:
    return {
        "changes": lambda: rows(result),
        "money": lambda: money_rows(result),
        "who_pays": lambda: payer_rows(result),
    }


@_tables.register
def _(result: Sweep) -> Tables:
    return {"points": result.rows}


@_tables.register
def _(result: Solved) -> Tables:
    return {"answers": result.answer_rows, "response": result.rows}

"""What every result does in a notebook: it prints itself, draws itself, and becomes a data frame."""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: The module that prints and draws, by its name, as pandas names what plots for it: results are read without either.
VIEWS = "demandsim.notebook"


class Text(str):
    """Text that a notebook shows as it is printed, line by line."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Presented:
    """A result that prints itself, and has `summary`, `plot` and `to_frame`."""

    __slots__ = ()

    def summary(self) -> Text:
        """Return what the command prints of the result."""
        return Text(import_module(VIEWS).summary(self))

    def __repr__(self) -> str:
        return str(self.summary())

    def plot(self, name: str = "") -> Any:
        """Draw a picture of the result: the first of them, or the one of that name.

        The drawing shows itself in a notebook; `figure` is Matplotlib's, `save(folder)` writes PNG, SVG and CSV.

        Raises:
            UserError: there is no picture of that name; the message has those that there are.
        """
        return import_module(VIEWS).plot(self, name)

    def to_frame(self, table: str = "") -> Any:
        """Return a table of the result as a pandas data frame: the first of them, or the one of that name.

        Raises:
            UserError: there is no table of that name; the message has those that there are.
            ImportError: pandas is not installed: `pip install "demandsim[pandas]"`.
        """
        return import_module(VIEWS).frame(self, table)

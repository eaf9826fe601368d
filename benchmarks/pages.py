"""What benchmarks write: tables between the marks of a page, and pictures in the style of all the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from demandsim.plots.style import house_style

DOCS = Path(__file__).resolve().parent.parent / "docs"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def fill(page: str, **parts: str) -> None:
    """Put parts between their marks in a page, and leave the words around them as somebody wrote them."""
    path = DOCS / "reference" / page
    text = path.read_text(encoding="utf-8")
    for name, part in parts.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        pattern = re.escape(begin) + ".*?" + re.escape(end)
        new = f"{begin}\n{part}\n{end}"
        text, found = re.subn(pattern, lambda _, new=new: new, text, flags=re.DOTALL)  # type: ignore[misc]
        assert found == 1, f"{page} has no marks of {name}"
    path.write_text(text, encoding="utf-8")


def picture(name: str, size: tuple[float, float], draw: Callable[[Figure], None], below: float = 0.0) -> None:
    """Draw a picture into the documents; a part of its height stays free below."""
    with house_style():
        figure = plt.figure(figsize=size)
        draw(figure)
        figure.tight_layout(rect=(0, below, 1, 1))
        figure.savefig(DOCS / "images" / f"{name}.png", dpi=160, metadata={"Software": None})
        plt.close(figure)

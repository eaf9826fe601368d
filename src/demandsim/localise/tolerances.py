"""How near the model must come to a local figure: what chance, rounding and a plain 2% leave open."""

from __future__ import annotations

from math import sqrt

from demandsim.evidence import targets
from demandsim.localise.disclosure import BASE
from demandsim.localise.figures import Figure, Findings
from demandsim.results.measure import Quantity
from demandsim.results.measures import MEASURES

#: Least tolerance of a share, in points, and of another figure, as a part of it.
_POINTS, _PART = 0.5, 0.02
_TWO_ERRORS = 2.0
#: Spend that follows how many children live somewhere, of whom an authority has few.
_PAYS_FOR = {
    "spend_looked_after": "looked_after",
    "spend_fostering": "fostered",
    "spend_residential": "childrens_homes",
}
#: Spend with care in it, which is as uncertain in pounds as care is.
_HOLDS_CARE = ("spend_intervention", "reactive_ratio")


def is_share(figure: Figure) -> bool:
    """Return whether a figure is in per cent, so that its tolerance is in points."""
    return MEASURES[figure.measure].quantity is Quantity.SHARE


def tolerance_of(figure: Figure, findings: Findings) -> float:
    """Return the tolerance of a figure in its unit: two standard errors of chance, what rounding hides, or 2%.

    Args:
        figure: of a measure.
        findings: all of them; spend on care varies as the children do whom it is for.
    """
    if is_share(figure):
        return _of_share(figure)
    count = figure.value if MEASURES[figure.measure].quantity.counted else 0.0
    return max(
        _TWO_ERRORS * sqrt(count),
        BASE / 2 if figure.of_children else 0.0,
        _PART * abs(figure.value),
        abs(figure.value) * _chance_of_spend(figure, findings),
        1e-6,
    )


def _of_share(figure: Figure) -> float:
    whole = max(figure.whole or 100.0, 1.0)
    # Of few records none, or all, is no sign that there never are others: as if there were one more of each.
    part = (whole * figure.value / 100 + 1.0) / (whole + 2.0)
    rounding = 100 * BASE / 2 / whole if figure.of_children else 0.0
    return max(_POINTS, rounding, _TWO_ERRORS * 100 * sqrt(part * (1 - part) / whole))


def _chance_of_spend(figure: Figure, findings: Findings) -> float:
    """Return two standard errors of a line of spend, as a part of it; none where it follows no children."""
    if figure.measure in _HOLDS_CARE:
        care, whole = (
            findings.figures.get((name, figure.year)) for name in ("spend_looked_after", "spend_intervention")
        )
        return care.value / whole.value * _chance_of_spend(care, findings) if care and whole and whole.value else 0.0
    children = _children(_PAYS_FOR.get(figure.measure, ""), figure.year, findings)
    return _TWO_ERRORS / sqrt(children) if children > 0 else 0.0


def _children(measure: str, year: int, findings: Findings) -> float:
    """Return how many children a line is for: where that is not known or not shown, as many of all as in England."""
    found, every = (findings.value(name, year) for name in (measure, "looked_after"))
    if found is not None or every is None or not measure:
        return found or 0.0
    england = {one.measure: one.value for one in targets() if one.year == "2013-14" and one.of_england}
    return every * england[measure] / england["looked_after"]

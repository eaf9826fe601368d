"""The assumptions of a report: what they rest on, and the log with a rating of quality and of impact for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from demandsim.report.document import Block, Column, Listing, Table, Text
from demandsim.report.scenario_of import Assumption, assumptions_of, changes_of
from demandsim.results.manifest import Results
from demandsim.results.words import listed

#: Quality of an assumption by how its value is known, in the ratings of the Home Office's quality assurance team.
QUALITY = {
    "published": "Green: stated in a source",
    "derived": "Green: arithmetic on published figures",
    "local": "Green: counted from the authority's own records",
    "fitted": "Amber: set so that the model reproduces published figures",
    "judgement": "Red: nobody published it",
}
NOT_RATED = "Not assessed"


def resting_on(run: Results) -> list[Block]:
    """Return in short what the values of a run rest on."""
    every = assumptions_of(run)
    bases = Counter(one.basis for one in every)
    some = listed([f"{count} {basis}" for basis, count in bases.most_common()])
    return [
        Text(
            f"The reference has {len(every)} parameters: {some}. A judgement is a number nobody published. The "
            "assumptions log at the end has each with its value, range, basis, source and ratings."
        )
    ]


def set_by(runs: Sequence[Results], reference: Results, key: str) -> list[Block]:
    """Return what each what-if changes, and why."""
    rows = [
        (run.manifest.title.split(":")[0], one.name, one.unit, one.before, one.value, one.basis, one.source)
        for run in runs
        for one in changes_of(run, reference)
    ]
    heads = ("What-if", "Parameter", "Unit", "Reference", "What-if has", "Basis", "Because")
    table = Table(
        f"changed_{key}",
        "What the what-ifs change",
        tuple(map(Column, heads)),
        rows,
        small=True,
    )
    return [table] if rows else []


def log(run: Results, impacts: Mapping[str, str], key: str) -> list[Block]:
    """Return the assumptions log of a run: what matters most first, and of that the worst quality.

    Args:
        run: of which.
        impacts: rating of impact by parameter, as far as the sensitivity of the results tells.
        key: sets its tables apart.
    """
    every = sorted(assumptions_of(run), key=lambda one: _gravity(one, impacts))
    heads = ("Parameter", "What it is", "Value", "Range", "Role", "Basis", "Source", "Quality", "Impact")
    return [
        Text(f"{run.manifest.title}. Quality follows from the basis of each value; impact from the sensitivity."),
        Listing([f"{basis.capitalize()}. {rating}." for basis, rating in QUALITY.items()]),
        *_about_impact(impacts),
        Table(
            f"assumptions_{key}",
            f"Assumptions log: {len(every)} parameters",
            tuple(map(Column, heads)),
            [_row(one, impacts) for one in every],
            "Ratings are made by the program. Whoever signs may change them.",
            small=True,
        ),
    ]


def _gravity(one: Assumption, impacts: Mapping[str, str]) -> tuple[int, int]:
    """Return where an assumption stands in the log: red, amber and green impact, then quality; not rated last."""
    return _place(impacts.get(one.name, NOT_RATED)), _place(QUALITY.get(one.basis, ""))


def _place(rating: str) -> int:
    ratings = ("Red", "Amber", "Green")
    return next((place for place, colour in enumerate(ratings) if rating.startswith(colour)), len(ratings))


def _about_impact(impacts: Mapping[str, str]) -> list[Block]:
    if impacts:
        words = (
            "Impact, from the sensitivity: red where a parameter makes a tenth or more of the variance of a what-if's "
            "difference, amber from a fiftieth, else green. What no posterior draw varies is not assessed."
        )
        return [Text(words)]
    return [
        Text(
            "Impact is not assessed: these results have no sensitivity. Until it is, treat every red assumption as one "
            "that matters."
        )
    ]


def _row(one: Assumption, impacts: Mapping[str, str]) -> tuple[str, ...]:
    value = f"{one.value} {one.unit}".strip()
    quality = QUALITY.get(one.basis, "Not known").split(":")[0]
    return (
        one.name,
        one.meaning,
        value,
        one.range or "none given",
        one.role,
        one.basis,
        one.source,
        quality,
        impacts.get(one.name, NOT_RATED),
    )

"""What answers turn on: the sensitivity of a comparison and its other structures, where the results have them."""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.plots.sensitivity import sensitivity
from demandsim.plots.what_ifs import short_names
from demandsim.report.document import Block, Cell, Column, Commands, Figure, Heading, Kind, Table, Text
from demandsim.report.scenario_of import drawn_in
from demandsim.results.comparison import Comparison
from demandsim.results.sensitivity import turns_words
from demandsim.results.structures import Outcome, Structured, sentence

#: Shares of the variance of a difference from which an assumption is rated red, and amber.
_RED, _AMBER = 0.1, 0.02


def turns_on(structured: Structured, year: int, key: str) -> list[Block]:
    """Return the sensitivity and the structures of a comparison; where it has none, how to get them."""
    sensitivity, structures = _sensitivity(structured.main, key), _structures(structured, year, key)
    missing: list[Block] = []
    if not sensitivity and structured.main.reference.manifest.members:
        missing += [
            Text("These results do not say which uncertain parameters the answers turn on. This command does:"),
            Commands([f"{_command(structured)} --sensitivity"]),
        ]
    if not structures:
        missing += [
            Text("Nor are they compared under other structures of the model. This command does that:")
            if missing
            else Text("These results are not compared under other structures of the model. This command does that:"),
            Commands([f"{_command(structured)} --structures"]),
        ]
    return [*sensitivity, *structures, *missing]


def impacts_of(comparison: Comparison) -> dict[str, str]:
    """Return a rating of impact for each parameter that the sensitivity of a comparison looked at."""
    shares: dict[str, float] = {}
    for other in comparison.others:
        for one in other.sensitivity:
            for effect in one.effects:
                name = effect.key.partition("[")[0]
                shares[name] = max(shares.get(name, 0.0), effect.share if effect.seen else 0.0)
    rated = {name: _rating(share) for name, share in shares.items()}
    drawn = drawn_in(comparison.reference.folder) if rated else []
    return {**dict.fromkeys((name.partition("[")[0] for name in drawn), _SCREENED_OUT), **rated}


_SCREENED_OUT = "Green: not among those that matter most"


def _rating(share: float) -> str:
    colour = "Red" if share >= _RED else "Amber" if share >= _AMBER else "Green"
    return f"{colour}: {100 * share:.0f}% of a variance"


def _sensitivity(comparison: Comparison, key: str) -> list[Block]:
    if not any(other.sensitivity for other in comparison.others):
        return []
    blocks: list[Block] = [Heading("Which uncertain parameters they turn on")]
    blocks += [
        Text(f"{other.name}: {turns_words(other.sensitivity)}") for other in comparison.others if other.sensitivity
    ]
    blocks.append(Figure(sensitivity(comparison), comparison.reference.manifest))
    heads = (
        *(Column("What-if"), Column("Outcome"), Column("Parameter"), Column("What it is")),
        *(Column("5%", Kind.LEVEL), Column("95%", Kind.LEVEL)),
        *(Column("Difference at 5%", Kind.CHANGE), Column("Difference at 95%", Kind.CHANGE)),
        *(Column("Told apart"), Column("Share of variance", Kind.SHARE)),
    )
    rows = [
        (
            *(name, f"{one.label}, {one.when}, {one.unit}", effect.key, f"{effect.meaning}, {effect.unit}"),
            *(effect.low, effect.high, effect.at_low.mean, effect.at_high.mean),
            *("yes" if effect.seen else "no", effect.share),
        )
        for other, name in zip(comparison.others, short_names(comparison), strict=True)
        for one in other.sensitivity
        for effect in one.effects
    ]
    note = (
        "5% and 95%: of the posterior. Difference: the mean with the parameter there and all others as drawn. Shares "
        "are rough: they come from a linear regression."
    )
    blocks.append(Table(f"sensitivity_{key}", "What the differences turn on", heads, rows, note, small=True))
    return blocks


def _command(structured: Structured) -> str:
    main = structured.main
    names = [main.reference.manifest.scenario, *(other.run.manifest.scenario for other in main.others)]
    return f"demandsim compare {' '.join(names)}"


def _structures(structured: Structured, year: int, key: str) -> list[Block]:
    if not structured.others:
        return []
    label = structured.main.reference.year_labels()[year]
    names = [name for name, _ in structured.others]
    blocks: list[Block] = [
        Heading("Other structures of the model"),
        Text(
            f"Changes in {label} under the main structure and {len(names)} others, each with its levels refitted and "
            "point values. Firm: the same sign under every structure. Depends: some structure gives nothing or "
            "reverses it. Unclear: more replications may tell."
        ),
    ]
    for place, other in enumerate(structured.main.others):
        turns = structured.turns(place, year)
        blocks.append(Text(sentence(other.name, turns)))
        rows: list[Sequence[Cell]] = [
            (
                f"{turn.measure.label}, {turn.measure.told_in}",
                turn.main,
                *(one for _, one, _ in turn.others),
                str(turn.outcome),
            )
            for turn in turns
            if turn.outcome != Outcome.NOT_TOLD_APART
        ]
        heads = (Column(name.replace("_", " "), Kind.CHANGE) for name in ("main structure", *names))
        table = Table(
            f"structures_{key}_{place + 1}",
            f"{other.name}: change in {label} under each structure",
            (Column("Measure"), *heads, Column("Verdict")),
            rows,
            "Each number has its 90% interval over replications.",
        )
        blocks += [table] * bool(rows)
    return blocks

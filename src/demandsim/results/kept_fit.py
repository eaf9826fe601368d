"""The folder of a fit: its tables, its report, and the fit itself, so that it can be shown again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from demandsim.problems import Problem, UserError
from demandsim.results.atomic_write import remove, write_table, write_text, writing
from demandsim.results.calibration import Fit, ParameterFit, TargetFit
from demandsim.results.checksums import damage, seal, sealed
from demandsim.results.identified import Combination
from demandsim.results.store import put_in_place

FILE = "fit.json"


def keep_fit(folder: Path, work: Path, fit: Fit, texts: Mapping[str, str]) -> None:
    """Write a fit, its tables and its report into a folder, by way of another: all or nothing.

    Args:
        folder: of the fit.
        work: holds all that the fit was made from; goes when the folder is in its place.
        fit: with targets, parameters and combinations.
        texts: other files by name.

    Raises:
        UserError: it can't be written.
    """
    finished = work / "finished"
    with writing(work):
        remove(finished)
        finished.mkdir(parents=True)
        write_table(finished / "targets.csv", fit.target_rows())
        write_table(finished / "parameters.csv", fit.parameter_rows())
        write_table(finished / "combinations.csv", fit.combination_rows())
        write_text(finished / "report.md", report_of(fit))
        write_text(finished / FILE, _fits().dump_json(fit, indent=1).decode())
        for name, text in texts.items():
            write_text(finished / name, text)
        seal(finished)
        put_in_place(finished, folder, work)


def read_fit(folder: Path) -> Fit:
    """Read a fit.

    Raises:
        UserError: there is none, or it is another version's.
    """
    if sealed(folder) and (wrong := damage(folder)):
        found = f"a damaged fit: {', '.join(wrong)}"
        raise UserError(
            Problem(str(folder), "", found, "the files as they were written", "the same command with --again")
        )
    try:
        fit: Fit = _fits().validate_json((folder / FILE).read_bytes())
    except (OSError, ValueError):
        found, expected = "no fit that this version reads", f"a folder with a {FILE}, as demandsim calibrate makes"
        raise UserError(Problem(str(folder), "", found, expected, "the same command with --again")) from None
    return fit


def _fits() -> Any:
    """Return what turns fits into JSON and back; its library is slow to load, and read only here."""
    from pydantic import ConfigDict, TypeAdapter, with_config

    with_config(ConfigDict(ser_json_inf_nan="constants"))(Fit)
    return TypeAdapter(Fit)


def report_of(fit: Fit) -> str:
    """Return the report on a fit, as Markdown."""
    lines = [
        *(f"# {fit.manifest.title}: fitted", "", "```", *fit.headline(), "```", ""),
        "The targets were met by moving what is uncertain and was fitted; no lever but those given with `--free`, "
        "and no target that is held out. `fitted.toml` is the scenario with the fitted values, `ensemble.csv` the "
        "posterior draws, for `--ensemble`.",
        "",
        "## Targets",
        "",
        "Gaps in tolerances: 1 is the edge. The last column is half of the 90% interval over the posterior draws.",
        "",
        *_target_table(fit.targets, fit.word),
        "",
        "## Parameters",
        "",
        "Posterior over prior standard deviation: below 0.5 *well* identified, below 0.8 *partly*, else *not*: the "
        "targets say next to nothing, and the range is judgement.",
        "",
        *_parameter_table(fit.parameters),
        *("", "## Combinations", "", "What the targets identify best, by singular value.", ""),
        *_combination_table(fit.combinations),
    ]
    return "\n".join(lines) + "\n"


def _target_table(targets: Sequence[TargetFit], word: str) -> list[str]:
    return _markdown(
        ("target", "measure", word, "tolerance", "before", "after", "gap before", "gap after", "draws"),
        [
            (
                *(one.row.target.id, f"{one.row.measure.label} ({one.row.measure.unit})"),
                *(_short(number) for number in (one.row.target.value, one.row.target.tolerance or 0.0)),
                *(_short(number) for number in (one.before, one.after)),
                *(f"{one.part(value):+.2f}" for value in (one.before, one.after)),
                f"±{_short(one.spread)}",
            )
            for one in targets
        ],
    )


def _parameter_table(parameters: Sequence[ParameterFit]) -> list[str]:
    return _markdown(
        ("parameter", "unit", "declared", "fitted", "prior (90%)", "posterior (90%)", "sd ratio", "identified"),
        [
            (
                *(one.label, one.unit, _short(one.declared), _short(one.value) if one.fitted else "-"),
                *(f"{_short(low)} to {_short(high)}" for low, high in (one.before, one.after)),
                *(f"{one.left:.2f}", one.word),
            )
            for one in sorted(parameters, key=lambda one: (not one.fitted, one.left))
        ],
    )


def _combination_table(combinations: Sequence[Combination]) -> list[str]:
    return _markdown(
        ("singular value", "sd ratio", "made up of"),
        [(f"{one.value:.2g}", f"{one.left:.2f}", one.words) for one in combinations],
    )


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    every = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in every]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"

"""The results that a report is made of, read from the folders given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demandsim.problems import Problem, UserError
from demandsim.results.kept_comparison import is_comparison, read_structured, runs_of
from demandsim.results.manifest import Results
from demandsim.results.reading import read_results
from demandsim.results.structures import Structured


@dataclass(frozen=True)
class Given:
    """What a report tells.

    Attributes:
        comparisons: with their folders, in the order given.
        runs: that were given alone.
    """

    comparisons: tuple[tuple[Path, Structured], ...]
    runs: tuple[Results, ...]

    def all_runs(self) -> list[Results]:
        """Return every run, the references first, each once."""
        every = [run for _, structured in self.comparisons for run in runs_of(structured.main)]
        return list({run.manifest.folder: run for run in (*every, *self.runs)}.values())


def read_given(folders: Sequence[Path]) -> Given:
    """Read comparisons and runs from their folders.

    Raises:
        UserError: with everything that is wrong with any of them.
    """
    comparisons, runs, problems = [], [], []
    for folder in dict.fromkeys(folders):
        try:
            if not folder.is_dir():
                raise UserError(
                    Problem(
                        str(folder),
                        "",
                        "no such folder",
                        "the folder that compare or run wrote",
                        "demandsim compare baseline shift_to_prevention",
                    )
                )
            if is_comparison(folder):
                comparisons.append((folder, read_structured(folder)))
            else:
                runs.append(read_results(folder))
        except UserError as error:
            problems += error.problems
    given = Given(tuple(comparisons), tuple(runs))
    made = {run.manifest.version: run.folder for run in given.all_runs()}
    if len(made) > 1:
        found = " and ".join(f"{version} ({folder.name})" for version, folder in sorted(made.items()))
        expected = "results of one version: models of two versions can't be set side by side"
        problems.append(Problem("RESULT", "", found, expected, "the commands that made the older ones, with --again"))
    if problems:
        raise UserError(problems)
    return given

"""What the runs of a comparison share unless told otherwise: posterior draws, and how many replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demandsim.draws import FUTURES_A_MEMBER
from demandsim.experiment.run import DEFAULT_REPLICATIONS
from demandsim.results.manifest import Manifest
from demandsim.results.reading import read_results
from demandsim.scenario.draws_from import check_all, check_draws, draws_of
from demandsim.scenario.ensemble import Ensemble, read_ensemble
from demandsim.scenario.read import read_scenario
from demandsim.scenario.resolved import ENSEMBLE_FILE

#: Posterior draws of a comparison unless it is told how many replications; each has two.
DEFAULT_DRAWS = 100


@dataclass(frozen=True, slots=True)
class Shared:
    """What new runs share.

    Attributes:
        ensemble: the posterior draws; None for point values.
        replications: unless told.
        named: whether anything named posterior draws, used or not.
    """

    ensemble: Ensemble | None
    replications: int
    named: bool = True


def shared_draws(given: Sequence[str], years: int | None, ensemble: str | None, point: bool) -> Shared:
    """Return what the new runs of a comparison share.

    Finished runs decide: new ones must have the same draws. Else `--ensemble` and `--point` do, else the reference.

    Args:
        given: the reference and the what-ifs: results folders, files or names.
        years: as the user gave them.
        ensemble: a file, or the name of the one that ships, if the user gave one.
        point: whether the user asked for point values.

    Raises:
        UserError: draws can't be read or don't fit; or a scenario is wrong.
    """
    finished = next((Path(one) for one in given if Path(one).is_dir()), None)
    if ensemble is not None:
        return _of(read_ensemble(ensemble), None)
    if point:
        return Shared(None, DEFAULT_REPLICATIONS)
    if finished is not None:
        manifest = read_results(finished).manifest
        return _of(read_ensemble(finished / ENSEMBLE_FILE) if manifest.members else None, manifest)
    reference, *others = [read_scenario(one, years=years) for one in given]
    found = draws_of(reference)
    if found is None:
        return Shared(None, DEFAULT_REPLICATIONS, named=False)
    check_all(others, found)
    return _of(check_draws(reference, found), None)


def _of(ensemble: Ensemble | None, manifest: Manifest | None) -> Shared:
    if manifest is not None:
        return Shared(ensemble, manifest.replications)
    assert ensemble is not None
    return Shared(ensemble, FUTURES_A_MEMBER * min(DEFAULT_DRAWS, len(ensemble.members)))

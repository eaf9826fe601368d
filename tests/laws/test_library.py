"""Each shipped scenario moves what its text says, the way it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from demandsim.experiment.compare import results_of
from demandsim.results.measures import MEASURES
from demandsim.results.paired import paired
from demandsim.results.store import Results
from demandsim.scenario.files import shipped
from demandsim.scenario.read import read_scenario

REPLICATIONS, YEARS = 6, 5
#: For each scenario: what rises and what falls in the fifth year, against the baseline.
MOVES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "shift_to_prevention": (("spend_prevention",), ("early_help_unmet", "children_in_need", "referrals", "reserves")),
    "shift_to_prevention_half": (("spend_prevention",), ("early_help_unmet", "referrals", "reserves")),
    "shift_to_prevention_double": (("spend_prevention",), ("early_help_unmet", "referrals", "reserves")),
    "invest_to_save": (("spend_prevention",), ("early_help_unmet", "children_in_need", "referrals")),
    "austerity_10": (("early_help_unmet", "vacancy_rate", "visits_missed"), ("spend_prevention", "reserves")),
    "austerity_25": (("early_help_unmet", "vacancy_rate", "visits_missed"), ("spend_prevention", "reserves")),
    "demand_surge": (("children_in_need", "looked_after", "care_started", "workload"), ("reserves",)),
    "cse_awareness": (("contacts", "referrals", "children_in_need", "looked_after"), ()),
    "workforce_stability": ((), ("vacancy_rate", "spend_agency", "visits_missed", "workload")),
    "vacancy_crisis": (("vacancy_rate", "visits_missed", "workload", "re_referrals"), ("assessed_in_time",)),
    "higher_thresholds": ((), ("referrals", "children_in_need", "looked_after", "workload")),
    "lower_thresholds": (("referrals", "children_in_need", "looked_after", "workload"), ()),
    "better_early_help": ((), ("contacts", "referrals", "children_in_need", "looked_after")),
    "good_practice": ((), ("contacts", "referrals")),
    "faster_permanence": ((), ("looked_after", "spend_intervention", "proceedings")),
    "adoption_slump": (("looked_after", "spend_intervention"), ("adoptions",)),
    "foster_sufficiency": ((), ("first_choice_full",)),
    "reunification_support": ((), ("looked_after", "care_started")),
    "courts_26_weeks": ((), ("looked_after", "proceedings", "spend_intervention")),
    "transformation": (("spend_prevention",), ("looked_after", "early_help_unmet", "spend_intervention", "referrals")),
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


def _run(name: str, out: Path) -> Results:
    return results_of(name, REPLICATIONS, years=YEARS, out=out)


def test_every_shipped_scenario_says_what_to_look_for_and_is_tested() -> None:
    names = set(shipped()) - {"baseline"}
    assert names == set(MOVES)
    for name in names:
        scenario = read_scenario(name)
        assert "What to look for" in " ".join(scenario.why.split())
        assert scenario.changes()


@pytest.mark.parametrize("name", MOVES)
def test_a_scenario_moves_what_its_text_says(name: str, out: Path) -> None:
    reference, run = _run("baseline", out), _run(name, out)
    for sign, measures in zip((1, -1), MOVES[name], strict=True):
        for measure in measures:
            differences = sign * paired(run, reference, MEASURES[measure], YEARS)
            error = differences.std(ddof=1) / len(differences) ** 0.5
            assert differences.mean() > 0, measure
            assert differences.mean() > 0.8 * error, measure
            assert np.mean(differences >= 0) > 0.5, measure

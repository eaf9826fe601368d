"""Each shipped scenario moves what its text says, the way it says."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import tables_of

from demandsim.experiment.options import DEFAULT_SEED
from demandsim.model.past import Pasts
from demandsim.model.simulate import simulate
from demandsim.records import Count
from demandsim.results.measures import MEASURES
from demandsim.results.tables import YEARS_BEFORE, Tables
from demandsim.results.year import Year
from demandsim.scenario.files import shipped
from demandsim.scenario.read import read_scenario
from demandsim.scenario.scenario import notes_on

REPLICATIONS, YEARS = 5, 5
#: Where little moves, so many.
MORE = {"local_places": 16, "places_anywhere": 16, "good_practice": 16, "foster_sufficiency": 16}
#: For each scenario: what rises and what falls in the fifth year, against the baseline.
MOVES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "shift_to_prevention": (("spend_prevention",), ("unserved", "exposure", "children_in_need", "reserves")),
    "shift_to_prevention_half": (("spend_prevention",), ("early_help_unmet", "exposure", "referrals", "reserves")),
    "shift_to_prevention_double": (("spend_prevention",), ("unserved", "exposure", "referrals", "reserves")),
    "invest_to_save": (("spend_prevention",), ("unserved", "exposure", "children_in_need", "referrals")),
    "austerity_10": (("exposure", "unserved", "vacancy_rate", "visits_missed"), ("spend_prevention", "reserves")),
    "austerity_25": (("exposure", "unserved", "vacancy_rate", "relieved"), ("spend_prevention", "reserves")),
    "demand_surge": (("exposure", "children_in_need", "looked_after", "care_started", "workload"), ("reserves",)),
    "cse_awareness": (("contacts", "referrals", "children_in_need", "looked_after"), ()),
    "workforce_stability": (("help_delivered",), ("vacancy_rate", "spend_agency", "exposure", "contacts_again")),
    "vacancy_crisis": (("vacancy_rate", "visits_missed", "exposure", "contacts_again"), ("assessed_in_time",)),
    "higher_thresholds": (("exposure", "contacts_again", "unserved"), ("referrals", "children_in_need", "workload")),
    "lower_thresholds": (("referrals", "children_in_need", "workload"), ("contacts_again", "unserved")),
    "better_early_help": ((), ("exposure", "referrals", "children_in_need", "looked_after")),
    "good_practice": (("help_delivered",), ("exposure", "contacts_again", "looked_after")),
    "faster_permanence": ((), ("looked_after", "spend_intervention", "proceedings")),
    "adoption_slump": (("looked_after", "spend_intervention"), ("adoptions",)),
    "foster_sufficiency": ((), ("first_choice_full",)),
    "reunification_support": (("spend_prevention",), ("looked_after", "care_started")),
    "courts_26_weeks": ((), ("looked_after", "proceedings", "spend_intervention")),
    "transformation": (("spend_prevention",), ("looked_after", "exposure", "spend_intervention", "referrals")),
    "edge_of_care": (("spend_prevention",), ("care_started", "looked_after", "spend_intervention")),
    "kinship_allowances": ((), ("looked_after", "spend_looked_after")),
    "drug_and_alcohol_court": (("spend_prevention", "left_home"), ("looked_after",)),
    "programmes_on_open_cases": (("spend_prevention",), ("exposure", "contacts_again")),
    "universal_cut": (("exposure",), ("contacts", "referrals", "spend_prevention")),
    "targeted_cut": (("exposure", "unserved", "early_help_unmet", "care_started"), ("spend_prevention",)),
    "safeguarding_without_help": (("enquiries", "plans", "workload"), ()),
    "overspend": ((), ("reserves",)),
    "return_interviews": (("exploitation_identified", "interviews_held"), ("missing_episodes",)),
    "shared_intelligence": (("exploitation_identified",), ("exposure",)),
    "local_places": ((), ("far_from_home", "missing_episodes", "placement_moves", "workload")),
    "places_anywhere": (("far_from_home", "missing_episodes", "workload"), ("first_choice_full",)),
    "managers_in_every_home": ((), ("homes_without_manager",)),
    "staying_put": (("leavers_busy", "leavers_staying_put", "leavers_suitable", "spend_leaving_care"), ()),
    "leaving_at_16": (("left_before_18",), ("looked_after", "spend_looked_after", "leavers_busy")),
    "partnership_that_works": (("help_by_partners", "early_help_delivered"), ("exposure", "contacts")),
    "partners_withdraw": (("exposure", "unserved"), ("help_by_partners", "early_help_delivered")),
    "better_assessment": ((), ("unprotected_other", "exposure", "referrals")),
    "history_in_every_assessment": (("referrals", "enquiries", "plans"), ("unprotected_neglect", "exposure")),
    "found_inadequate": (("practice",), ("exposure",)),
    "sustained_leadership": (("help_delivered", "practice"), ("exposure", "director_changed")),
    "public_tragedy": (("enquiries", "plans", "care_started", "looked_after", "workload"), ()),
}


@pytest.fixture(scope="module")
def runs() -> dict[str, list[Tables]]:
    """Return the tables of every scenario, replication by replication: as many as it takes to tell."""
    scenarios = {name: read_scenario(name, [], YEARS) for name in ("baseline", *MOVES)}
    most = {name: MORE.get(name, REPLICATIONS) for name in MOVES} | {"baseline": max(MORE.values())}
    found: dict[str, list[Tables]] = {name: [] for name in scenarios}
    for number in range(max(most.values())):
        pasts = Pasts()
        for name, scenario in scenarios.items():
            if number < most[name]:
                tables, _ = simulate(scenario, DEFAULT_SEED, number, pasts=pasts)
                found[name].append({kind: table[None] for kind, table in tables.items()})
    return found


def test_every_shipped_scenario_says_what_to_look_for_and_is_tested() -> None:
    names = set(shipped()) - {"baseline"}
    assert names == set(MOVES)
    for name in names:
        scenario = read_scenario(name)
        assert "What to look for" in " ".join(scenario.why.split())
        assert "Evidence: " in " ".join(scenario.why.split())
        assert scenario.changes()


def test_nothing_of_a_policy_acts_before_its_own_date() -> None:
    """Its spending controls neither: the shift begins in April 2015, after two years that are the baseline's."""
    few = ["population.children=7550", "budget.reserves=0"]
    plain, shifted = (tables_of(read_scenario(name, few, 4)) for name in ("baseline", "shift_to_prevention"))
    until = YEARS_BEFORE * 12 + 24
    for name in ("count", "spend", "stock"):
        assert (plain[name][:, :until] == shifted[name][:, :until]).all(), name
        assert (plain[name][:, until:] != shifted[name][:, until:]).any(), name


def test_a_policy_acts_from_the_first_day_that_it_names() -> None:
    """What changes at once, and not along a line, does so where a month begins: the day after would be a month late."""
    for name in shipped():
        assert not [said for said in notes_on(read_scenario(name)) if "next on" in said[1]], name
    offered, plain = (
        tables_of(read_scenario(name, ["population.children=30000"], 2))["count"][0, :, Count.EDGE_OFFERED]
        for name in ("edge_of_care", "baseline")
    )
    april_2014 = YEARS_BEFORE * 12 + 12
    assert offered[april_2014] > 0
    assert not offered[:april_2014].any()
    assert not plain.any()


@pytest.mark.parametrize("name", MOVES)
def test_a_scenario_moves_what_its_text_says(name: str, runs: dict[str, list[Tables]]) -> None:
    pairs = list(zip(runs[name], runs["baseline"], strict=False))
    for sign, measures in zip((1, -1), MOVES[name], strict=True):
        for measure in measures:
            last = [[float(MEASURES[measure].of(Year(one, YEARS))[0]) for one in pair] for pair in pairs]
            differences = sign * np.array([changed - usual for changed, usual in last])
            error = differences.std(ddof=1) / len(differences) ** 0.5
            assert differences.mean() > 0, measure
            assert differences.mean() > 0.8 * error, measure
            assert np.mean(differences >= 0) > 0.5, measure

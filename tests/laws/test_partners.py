"""Partners: a part of the help and of what is seen that was there already, and answers to how strong they are."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import authority_of, small, tables_of

from demandsim.model.partners import partners_contacts, settle_partners
from demandsim.records import Count
from demandsim.scenario.read import read_scenario
from demandsim.state.compiled_parameters import compile_rules
from demandsim.vocabulary import State

VALUES = read_scenario("baseline").at_start()
#: Schools, education, health, housing, police and courts among the sources of contacts.
THEIRS = sum(VALUES["demand.source"][place] for place in (1, 2, 3, 4, 6, 7))


def _world(**changes: Any) -> Any:
    world = authority_of(small(), **changes).memory.world[0]
    settle_partners(world)
    compile_rules(world)
    return world


def _acts(world: Any) -> list[float]:
    rules = world["rules"]
    return [rules["early_help_dose"], rules["early_help_kept"], rules["detected"][State.CLOSED]]


def test_a_partnership_of_2013_14_adds_nothing_and_a_weaker_one_takes_off_its_part() -> None:
    usual, none = _acts(_world()), _acts(_world(partners__strength=0.0))
    without = _acts(_world(partners__help=0.0))
    assert without == pytest.approx(usual)
    left = [1 - VALUES["partners.help"]] * 2 + [1 - THEIRS]
    assert none == pytest.approx([part * before for part, before in zip(left, usual, strict=True)])


def test_detection_on_open_cases_is_not_partners() -> None:
    worlds = [_world(partners__strength=strength) for strength in (0.5, 1.0)]
    for state in (State.ASSESSMENT, State.CHILD_IN_NEED, State.PROTECTION_PLAN):
        assert worlds[0]["rules"]["detected"][state] == worlds[1]["rules"]["detected"][state]


def test_partners_make_their_share_of_contacts_and_fewer_where_thresholds_are_agreed() -> None:
    assert partners_contacts(_world(), 1.0, 0.5) == pytest.approx(THEIRS)
    agreed = _world(partners__passed_on=0.0)
    # Nothing of what says nothing of need is theirs any more: a hazard of 1 by severity, and the rest of the others.
    unrelated = 0.5 * (1 - THEIRS)
    assert agreed["rules"]["contact_unrelated"] == pytest.approx(_world()["rules"]["contact_unrelated"] * (1 - THEIRS))
    assert partners_contacts(agreed, 1.0, unrelated) == pytest.approx(THEIRS / (1 + unrelated))


def test_what_early_help_does_is_shared_between_partners_and_the_council() -> None:
    count = tables_of(small(20_000, 2))["count"][0, 12:]
    helped, theirs = count[:, Count.EARLY_HELP_DOSE].sum(), count[:, Count.EARLY_HELP_PARTNERS].sum()
    assert 0 < helped < count[:, Count.DOSE].sum()
    assert theirs / helped == pytest.approx(VALUES["partners.help"], rel=1e-4)
    contacts, from_partners = count[:, Count.CONTACT].sum(), count[:, Count.CONTACT_PARTNERS].sum()
    assert from_partners / contacts == pytest.approx(THEIRS, rel=1e-4)

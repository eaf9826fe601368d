"""Partners: schools, health, police and others, who help families before a threshold is met, and see what goes on.

Nobody obliges them to (the report, paragraphs 31 and 49). A share of what early help does is theirs, and a share of the
harm that is seen where no case is open. Both were there in 2013-14, so both are part of what was fitted: a partnership
as strong as then changes nothing.
"""

from __future__ import annotations

from demandsim.engine.compiling import compiled
from demandsim.state.world import World
from demandsim.vocabulary import Source

#: Those who make contacts and belong to a Local Safeguarding Children Board, the council apart.
PARTNERS = (Source.SCHOOLS, Source.EDUCATION, Source.HEALTH, Source.HOUSING, Source.POLICE, Source.LEGAL)


@compiled
def settle_partners(world: World) -> None:
    """Work out what partners do in the month, against a partnership of 2013-14."""
    partners, values = world.partners, world.values
    strength, theirs = values.partners_strength, values.partners_help
    partners.help = 1.0 - theirs + theirs * strength
    partners.helped = theirs * strength / partners.help if partners.help > 0.0 else 0.0
    share = 0.0
    for source in PARTNERS:
        share += values.demand_source[source]
    partners.contacts = share
    partners.seen = 1.0 - share + share * strength
    partners.saw = share * strength / partners.seen if partners.seen > 0.0 else 0.0
    partners.passed = 1.0 - share + share * values.partners_passed_on


@compiled
def partners_contacts(world: World, severity: float, unrelated: float) -> float:
    """Return the partners' share of contacts.

    Args:
        world: at any moment of the month.
        severity: hazard of contact by severity.
        unrelated: of contacts that say nothing of need, those that partners pass on among them.
    """
    partners = world.partners
    others = severity + (unrelated / partners.passed if partners.passed > 0.0 else 0.0)
    together = severity + unrelated
    return 1.0 - (1.0 - partners.contacts) * others / together if together > 0.0 else 0.0

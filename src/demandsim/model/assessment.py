"""What a worker sees of a child: its severity through noise, and neglect as less than it is where nobody looks back.

Neglect is no second severity. It is severity that is long and seldom a crisis (`neglect_parts` in
`compiled_parameters`), and an assessment that takes each incident by itself sees less of it than there is (the report,
paragraphs 50 and 54-55). Thresholds were fitted to assessments as they were in 2013-14, so only the difference from
these moves what is seen on average.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

from demandsim.distributions import normal
from demandsim.draws import Seen, Stage
from demandsim.engine.compiling import compiled, inlined
from demandsim.engine.philox import draw
from demandsim.records import Count
from demandsim.state.children import Child
from demandsim.state.compiled_parameters import share_neglected
from demandsim.state.world import World, first_of_family
from demandsim.vocabulary import Need, State

#: Months after which protection came too late: 45 working days of an assessment, and 15 to the conference.
TOO_LATE = 3
#: A share of children too small to take a mean over.
_HARDLY_ANY = 1e-9


@compiled
def begin_assessment(world: World) -> None:
    """Keep how assessments were, of what severity children were, and from where on they were to be protected."""
    assessment, values = world.assessment, world.values
    assessment.usual_history = values.assessment_history
    assessment.level = values.referral_enquiry_threshold
    assessment.centre[0], assessment.centre[1] = _mean_severities(world)


@compiled
def settle_assessment(world: World) -> None:
    """Work out how severity is seen this month.

    Less noise is not less spread: what is seen is as spread out as before, around the same mean, so thresholds let
    about as many through, but others.
    """
    assessment, values = world.assessment, world.values
    usual = values.severity_observation_noise
    noise = usual * values.assessment_noise * world.practice.noise
    assessment.noise = noise
    assessment.scale = ((1.0 + usual**2) / (1.0 + noise**2)) ** 0.5
    unseen = values.neglect_unseen
    mean = unseen * share_neglected(values) * (1.0 - assessment.usual_history)
    assessment.shift[0] = mean
    assessment.shift[1] = mean - unseen * (1.0 - values.assessment_history)


@compiled
def _mean_severities(world: World) -> tuple[float, float]:
    """Return the mean severity of children who are contacted about, as the hazard of contact weighs them, and of those
    referred among them.
    """
    values = world.values
    contacted: float = values.contact_slope
    spread = (1.0 + values.severity_observation_noise**2) ** 0.5
    threshold = (values.contact_referral_threshold - contacted) / spread
    above = 0.5 * (1.0 - erf(threshold / sqrt(2.0)))
    if above < _HARDLY_ANY:
        return contacted, contacted + threshold / spread
    return contacted, contacted + exp(-(threshold**2) / 2.0) / sqrt(2.0 * pi) / above / spread


@compiled
def seen(world: World, child: Child, decision: int) -> float:
    """Return the severity a worker sees, with noise that is drawn once a month for each decision."""
    assessment = world.assessment
    centre = assessment.centre[0] if decision == Seen.CONTACT else assessment.centre[1]
    noise = assessment.noise * normal(draw(world.clock.key, child.id, Stage.SEEN, world.clock.month, decision))
    severity: float = centre + assessment.scale * (child.severity + noise - centre)
    severity += assessment.shift[child.neglected]
    return severity


@compiled
def neglected(world: World, id: int, need: int) -> int:
    """Return whether a child's need is neglect, which is a family's: 1 or 0."""
    if need != Need.ABUSE_OR_NEGLECT:
        return 0
    uniform = draw(world.clock.key, first_of_family(id), Stage.NEGLECT, 0, 0)
    return int(uniform < world.values.neglect_share)


@inlined
def count_unprotected(world: World, child: Child) -> None:
    """Count the month of a child whose severity asks for protection that it does not have; or that it has it now."""
    count, kind = world.tally.count, int(child.neglected)
    if child.state == State.PROTECTION_PLAN or child.state == State.LOOKED_AFTER:
        if child.unprotected:
            count[Count.PROTECTED + kind] += 1
            count[Count.PROTECTED_MONTHS + kind] += child.unprotected
            count[Count.PROTECTED_LATE + kind] += child.unprotected > TOO_LATE
            child.unprotected = 0
    elif child.severity > world.assessment.level and not child.settled:
        count[Count.UNPROTECTED + kind] += 1
        child.unprotected += 1

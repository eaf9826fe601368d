"""Every parameter the model reads: its name, unit, hard bounds and meaning.

The scenario file gives each one a value, a range of uncertainty, a role, a basis and a source. What stands here is what
no scenario may change: what the number means and which values make no sense at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from demandsim.vocabulary import Loop, Moved, Tier

INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter.

    Attributes:
        name: dotted name, `group.what`.
        unit: the unit its value is given in; a scenario repeats it and a difference is an error.
        low, high: hard bounds of each number, both allowed.
        meaning: one line for the parameter page and for `demandsim explain`.
        columns: what each number of a list stands for; empty for a single number.
        sums_to_one: whether the list is a set of shares.
        moves: whether a scenario may move it over time though it is an uncertainty.
        opening: whether it says what there is on the first day, so that no scenario can move it later.
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    columns: tuple[str, ...] = ()
    sums_to_one: bool = False
    moves: bool = False
    opening: bool = False

    @property
    def group(self) -> str:
        return self.name.partition(".")[0]


BANDS = ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over")
MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
NEEDS = ("abuse or neglect", "disability", "family", "behaviour", "other")
SOURCES = (
    "individual",
    "schools",
    "education",
    "health",
    "housing",
    "council",
    "police",
    "legal",
    "other",
    "anonymous",
    "unknown",
)
PLACES = ("foster, own", "foster, agency", "kinship", "children's home", "other")
ROUTES = ("home", "adoption", "guardianship", "other", "eighteen")
QUALITIES = ("good", "requires improvement", "inadequate")
SPENDING_CONTROLS = ("use reserves", "freeze recruitment", "cut prevention")
INFLATED = {
    "fostering": "fostering",
    "residential": "children's homes",
    "care_other": "other care",
    "social_work": "social workers",
    "other": "other intervention",
    "prevention": "prevention",
}
TIERS = {word.label: word.meaning for word in Tier.words.all}
LOOPS = {label.replace(" ", "_"): label for label in Loop.words.labels()}

_DECLARED = (
    # -- population and demand ------------------------------------------------------------------------------------
    Parameter("population.children", "children", 100, 2e7, "Children aged 0 to 17 living in the authority"),
    Parameter("population.growth", "% a year", -5, 5, "Growth of the population aged 0 to 17"),
    Parameter("population.england", "children", 1e6, 2e7, "Children aged 0 to 17 in England; scales results up"),
    Parameter(
        "demand.new_families",
        "per 10,000 children a year",
        0,
        10_000,
        "Families contacting the authority for the first time in the period modelled",
        moves=True,
    ),
    Parameter("demand.level", "ratio", 0, 20, "New families and contacts about known children, as a ratio to 2013-14"),
    Parameter("demand.growth", "% a year", -20, 20, "Growth of new families per child after 2014-15", moves=True),
    Parameter(
        "demand.before",
        "ratio",
        0,
        10,
        "New families in the five years before the start, as ratios to 2013-14",
        columns=("2008-09", "2009-10", "2010-11", "2011-12", "2012-13"),
    ),
    Parameter(
        "demand.after",
        "ratio",
        0,
        10,
        "New families of 2014-15, as a ratio to 2013-14; later years grow from there",
        moves=True,
    ),
    Parameter("demand.monthly_shape", "share", 0, 1, "Share of a year's contacts by month", MONTHS, True),
    Parameter("demand.police_teenage", "ratio", 0, 20, "Police contacts about children aged 13 to 17, as a ratio"),
    Parameter("demand.family_size", "share", 0, 1, "Children in a contact", ("one", "two", "three", "four"), True),
    Parameter("demand.age", "share", 0, 1, "Age of the youngest child at the first contact", BANDS, True),
    Parameter("demand.need", "share", 0, 1, "Primary need at the first contact", NEEDS, True),
    Parameter("demand.source", "share", 0, 1, "Who makes the contact", SOURCES, True),
    # -- severity --------------------------------------------------------------------------------------------------
    Parameter("severity.sibling_correlation", "correlation", 0, 1, "Correlation of severity between siblings"),
    Parameter("severity.permanent", "share", 0, 1, "Part of the variance of severity that is for good"),
    Parameter("severity.slow", "share", 0, 1, "Of the rest, the part that changes over years; what is left are crises"),
    Parameter("severity.slow_years", "years", 0.1, 50, "Time in which the slow part reverts"),
    Parameter("severity.fast_months", "months", 0.1, 24, "Time in which a crisis passes"),
    Parameter("severity.crisis", "standard deviations", 0, 5, "How far a family first comes to notice in a crisis"),
    Parameter("severity.observation_noise", "standard deviations", 0.01, 5, "Noise in what a worker sees of severity"),
    Parameter("neglect.share", "share", 0, 1, "Of children in need from abuse or neglect, those whose need is neglect"),
    Parameter("neglect.chronic", "share", 0, 1, "Of a neglected child's crises, the part that is slow instead"),
    Parameter(
        "neglect.unseen",
        "standard deviations",
        0,
        3,
        "What an assessment that does not analyse history misses of neglect",
    ),
    # -- front door ------------------------------------------------------------------------------------------------
    Parameter(
        "contact.referral_threshold", "standard deviations", -8, 8, "Severity seen above which a contact is a referral"
    ),
    Parameter("contact.early_help_threshold", "standard deviations", -8, 8, "Severity above which help is offered"),
    Parameter("referral.no_action_threshold", "standard deviations", -8, 8, "Below it a referral is closed at once"),
    Parameter("referral.enquiry_threshold", "standard deviations", -8, 8, "Above it a section 47 enquiry starts"),
    # -- contact again ---------------------------------------------------------------------------------------------
    Parameter("contact.rate", "per child a year", 0, 20, "Contacts about a child known, at average severity"),
    Parameter("contact.slope", "per standard deviation", 0.05, 3, "Log hazard of contact for a unit of severity"),
    Parameter("contact.unrelated", "per child a year", 0, 5, "Contacts that have nothing to do with severity"),
    # -- harm ------------------------------------------------------------------------------------------------------
    Parameter("harm.rate", "per child a year", 0, 1, "Hazard of serious harm at average severity, nothing shielding"),
    Parameter("harm.slope", "per standard deviation", 0, 3, "Log hazard of harm for a unit of severity"),
    Parameter("harm.by_need", "ratio", 0, 10, "Hazard of serious harm and of a new concern, by primary need", NEEDS),
    Parameter("harm.cap", "standard deviations", 0, 5, "Severity above which hazards rise no further"),
    Parameter("harm.rise", "standard deviations", 0, 3, "Rise in severity from harm that nobody sees"),
    Parameter("harm.detected_open", "probability", 0, 1, "Harm to a child on a case is seen, when visits are made"),
    Parameter("harm.detected_closed", "probability", 0, 1, "Harm to another child at home is seen"),
    Parameter("harm.severe", "probability", 0, 1, "Harm seen is such that the child is looked after at once"),
    Parameter(
        "harm.shield",
        "ratio",
        0,
        2,
        "Hazard of harm against that of a child with nothing",
        ("early help", "child in need plan", "protection plan", "looked after"),
    ),
    # -- early help ------------------------------------------------------------------------------------------------
    Parameter("early_help.duration", "days", 1, 2000, "Length of an early help case"),
    Parameter("early_help.patience", "days", 0.1, 2000, "Mean wait after which a family gives up"),
    Parameter("early_help.unit_cost", "£ a case", 1, 100_000, "Cost of an early help case for one child"),
    Parameter(
        "early_help.effective", "probability", 0, 1, "Cases with effective planning, whose circumstances improve"
    ),
    Parameter("early_help.relative_risk", "ratio", 0.05, 2, "Contacts after early help, of everybody offered"),
    Parameter(
        "early_help.care_relative_risk", "ratio", 0.05, 2, "Entry to care after early help, of everybody offered"
    ),
    # -- partners --------------------------------------------------------------------------------------------------
    Parameter("partners.help", "share", 0, 1, "Of what early help does, the part that partners did in 2013-14"),
    Parameter("partners.strength", "ratio", 0, 2, "What partners help and see, against the partnerships of 2013-14"),
    Parameter("partners.passed_on", "ratio", 0, 5, "Contacts by partners that say nothing of need, against 2013-14"),
    # -- help of open cases ----------------------------------------------------------------------------------------
    Parameter("help.need", "standard deviations", 0, 3, "What six months on a child in need plan take off severity"),
    Parameter("help.plan", "standard deviations", 0, 3, "What six months on a protection plan take off severity"),
    Parameter(
        "help.looked_after", "standard deviations", 0, 3, "What six months in care take off the severity of going home"
    ),
    Parameter("help.half_life", "months", 1, 600, "Time in which half of what any help did has faded"),
    Parameter("help.lost_with_worker", "ratio", 0, 2, "Part of a year's help lost with each change of worker"),
    # -- assessment ------------------------------------------------------------------------------------------------
    Parameter("assessment.continuous", "share", 0, 1, "Assessments in the new continuous format (45 working days)"),
    Parameter("assessment.median_working_days", "working days", 0.5, 200, "Median time of a continuous assessment"),
    Parameter("assessment.initial_working_days", "working days", 0.5, 100, "Median time of an initial assessment"),
    Parameter("assessment.shape", "number", 0.3, 5, "Weibull shape of assessment time"),
    Parameter(
        "assessment.deadline_effort", "probability", 0, 1, "An assessment about to overrun is finished in its last week"
    ),
    Parameter("assessment.noise", "ratio", 0.05, 3, "Noise in what workers see, against 2013-14"),
    Parameter("assessment.history", "share", 0, 1, "Assessments that analyse the history of the family"),
    Parameter("assessment.need_threshold", "standard deviations", -8, 8, "Severity seen below which not in need"),
    Parameter(
        "assessment.plan_threshold", "standard deviations", -8, 8, "Severity below which need is met by early help"
    ),
    # -- section 47 and conference ---------------------------------------------------------------------------------
    Parameter(
        "enquiry.before",
        "ratio",
        0,
        10,
        "How readily enquiries were made in the five years before the start, for the same children: ratios to 2013-14",
        columns=("2008-09", "2009-10", "2010-11", "2011-12", "2012-13"),
    ),
    Parameter(
        "enquiry.marginal",
        "ratio",
        0,
        1,
        "How often enquiries that are made only out of greater readiness are substantiated, against the others",
    ),
    Parameter(
        "enquiry.after", "ratio", 0, 10, "How readily enquiries are made after March 2014, as a ratio to 2013-14"
    ),
    Parameter("enquiry.readiness", "ratio", 0, 10, "How readily enquiries are made, beside what the years make of it"),
    Parameter("enquiry.concerns", "per child a year", 0, 10, "New concerns on an open child in need plan"),
    Parameter("enquiry.substantiated", "probability", 0, 1, "Enquiries that go to an initial conference"),
    Parameter("conference.booked_from", "working days", 0, 15, "Earliest usual day of a conference"),
    Parameter("conference.slips", "probability", 0, 1, "Conferences that slip past the day booked"),
    Parameter("conference.slip_mean", "working days", 0.1, 100, "Mean length of a slip"),
    Parameter(
        "conference.capacity", "per 10,000 children a year", 0.1, 1e4, "Children on whom chairs can hold conferences"
    ),
    Parameter("conference.plan", "probability", 0, 1, "Initial conferences that lead to a plan"),
    # -- child protection plan -------------------------------------------------------------------------------------
    Parameter(
        "plan.ends_at_review",
        "probability",
        0,
        1,
        "A review ends the plan",
        columns=("first review", "second", "third", "fourth and later"),
    ),
    Parameter("plan.review_late", "probability", 0, 1, "A review is held after its limit"),
    Parameter("plan.review_brought_forward", "probability", 0, 1, "A later review is held months before its limit"),
    Parameter("plan.closed_outright", "share", 0, 1, "Plans ended by closing the case, not by stepping down"),
    # -- child in need plan ----------------------------------------------------------------------------------------
    Parameter("need.length", "share", 0, 1, "Child in need plans by length", ("short", "medium", "long"), True),
    Parameter("need.short_days", "days", 1, 500, "Mean length of a short child in need plan"),
    Parameter("need.medium_days", "days", 1, 2000, "Mean length of a medium child in need plan"),
    Parameter("need.long_days", "days", 1, 5000, "Mean length of a long child in need plan"),
    Parameter("need.disability_days", "days", 1, 7000, "Mean length of the plan of a disabled child"),
    Parameter("need.step_down_days", "days", 1, 2000, "Mean length of a plan after protection or care"),
    # -- looked after ----------------------------------------------------------------------------------------------
    Parameter("care.rate", "per child a year", 0, 5, "Hazard of becoming looked after on a case, at average severity"),
    Parameter("care.readiness", "ratio", 0, 10, "How readily children are taken into care, against 2013-14"),
    Parameter("care.slope", "per standard deviation", 0.05, 3, "Log hazard of that for a unit of severity"),
    Parameter("care.by_need", "ratio", 0, 10, "That hazard by primary need", NEEDS),
    Parameter("care.on_plan", "ratio", 0, 20, "That hazard on a protection plan and in an enquiry"),
    Parameter("care.after_home", "ratio", 0, 100, "That hazard just after a return home; it fades over two years"),
    Parameter("care.outside", "ratio", 0, 5, "That hazard without an open case"),
    Parameter("care.remand", "per 10,000 children a year", 0, 100, "Children coming into care on remand"),
    Parameter("care.unaccompanied", "per 10,000 children a year", 0, 100, "Unaccompanied children coming into care"),
    Parameter("care.age_effect", "ratio", 0, 50, "Hazard of becoming looked after, by age", BANDS),
    Parameter("care.at_birth", "ratio", 0.01, 200, "That hazard in the month of birth, for what was decided before it"),
    Parameter("care.siblings_join", "probability", 0, 1, "A sibling with an open case is looked after the same day"),
    Parameter("care.home", "share", 0, 1, "Of those starting, who will return home, by age then", BANDS),
    Parameter("care.adoption", "share", 0, 1, "Of those starting, whose plan is adoption, by age then", BANDS),
    Parameter(
        "care.adoption_level", "ratio", 0, 1.5, "Plans for adoption against those of 2013-14; the rest stay longer"
    ),
    Parameter("care.not_adopted", "share", 0, 1, "Of those not adopted any more, those who go to guardians"),
    Parameter("care.special_guardianship", "share", 0, 1, "Orders to guardians that are special guardianship orders"),
    Parameter("care.guardianship", "share", 0, 1, "Those for whom guardianship is the plan, by age", BANDS),
    Parameter("care.other", "share", 0, 1, "Those who leave by another route before 18, by age", BANDS),
    Parameter("care.proceedings", "share", 0, 1, "Starts with care proceedings, by later route", ROUTES),
    Parameter(
        "care.voluntary_first",
        "share",
        0,
        1,
        "Of families in court without newborns or emergencies, those by agreement before",
    ),
    Parameter("care.voluntary_days", "days", 1, 2000, "Mean time by agreement before those proceedings"),
    Parameter(
        "care.orders_break_down",
        "share",
        0,
        0.9,
        "Children back in care within five years of an order to guardians",
        ("special guardianship", "residence order"),
    ),
    Parameter("care.short_stay", "share", 0, 1, "Of those who return home, those who do so within weeks"),
    Parameter("care.short_stay_days", "days", 0.5, 100, "Mean length of a short stay"),
    Parameter("care.home_median_days", "days", 1, 4000, "Median stay of the others who return home"),
    Parameter("care.home_sigma", "number", 0.05, 3, "Lognormal spread of that stay"),
    Parameter("care.guardianship_days", "days", 1, 4000, "Median time from the end of proceedings to guardianship"),
    Parameter(
        "care.matching_days", "days", 1, 4000, "Median time from the end of proceedings to living with adopters", BANDS
    ),
    Parameter("care.adoption_order_days", "days", 1, 4000, "Median time from living with adopters to the order"),
    Parameter("care.other_days", "days", 1, 4000, "Median stay of those who leave by another route"),
    Parameter("care.spread", "number", 0.05, 3, "Lognormal spread of the times of adoption, guardianship and other"),
    Parameter("court.weeks", "weeks", 1, 200, "Mean length of care proceedings"),
    Parameter("court.variation", "number", 0.05, 2, "Coefficient of variation of that length"),
    # -- placements ------------------------------------------------------------------------------------------------
    *(
        Parameter(f"placement.{key}", "share", 0, 1, f"First choice of placement, aged {label}", PLACES, True)
        for key, label in zip(("under_1", "1_to_4", "5_to_9", "10_to_15", "16_up"), BANDS, strict=True)
    ),
    Parameter(
        "placement.residential_by_need",
        "ratio",
        0,
        20,
        "Weight of children's homes and other placements in the first choice, by primary need",
        NEEDS,
    ),
    Parameter("placement.scale_days", "days", 30, 10_000, "Weibull scale of the time to a move"),
    Parameter("placement.shape", "number", 0.4, 3, "Weibull shape of it; below 1 means most moves come early"),
    Parameter("placement.moves_by_age", "ratio", 0.01, 5, "Moving on from a placement begun at that age", BANDS),
    Parameter("placement.frailty", "number", 0, 1.5, "Spread of children's own propensity to move (log scale)"),
    Parameter("placement.out_of_area_home", "probability", 0, 1, "A children's home is over 20 miles away"),
    Parameter("placement.out_of_area_other", "probability", 0, 1, "Another placement is over 20 miles away"),
    Parameter(
        "placement.with_parents", "probability", 0, 1, "Going home under a care order ends in a time with parents"
    ),
    Parameter("placement.with_parents_days", "days", 1, 4000, "Mean of that time"),
    # -- missing and leaving care ----------------------------------------------------------------------------------
    Parameter("missing.episodes", "per child a year", 0, 12, "Missing episodes of looked after children", BANDS),
    Parameter("missing.interviewed", "probability", 0, 1, "Return interviews held within 72 hours"),
    Parameter("missing.raises_risk", "ratio", 1, 3, "Rise in the hazards of moving and going missing, no interview"),
    Parameter("missing.interview_effect", "share", 0, 1, "Part of that rise a timely interview prevents"),
    Parameter("missing.from_home", "per child a year", 0, 12, "Episodes of children at home, known, of 10 and over"),
    Parameter("missing.exploited", "probability", 0, 1, "A child who goes missing comes to be exploited"),
    Parameter("missing.exploited_months", "months", 0.1, 600, "Mean time that exploitation goes on"),
    Parameter(
        "missing.exploited_harm", "ratio", 0, 100, "Hazard of serious harm to an exploited child, against others"
    ),
    Parameter("missing.interview_finds", "probability", 0, 1, "A timely return interview identifies exploitation"),
    Parameter("missing.intelligence", "probability", 0, 1, "A month identifies it by what is known about others"),
    Parameter(
        "missing.sharing", "ratio", 0, 10, "What police and council share about missing children, against 2013-14"
    ),
    Parameter("missing.protection", "share", 0, 1, "Part of that added harm prevented once exploitation is identified"),
    # -- far from home ---------------------------------------------------------------------------------------------
    Parameter("distance.level", "ratio", 0, 5, "Placements over 20 miles away, against those of 2013-14"),
    Parameter("distance.moves", "ratio", 0.1, 10, "Hazard of moving on from there, against a placement near home"),
    Parameter("distance.missing", "ratio", 0.1, 10, "Hazard of going missing from there"),
    Parameter("distance.help", "ratio", 0, 2, "What care does there about the severity of going home"),
    Parameter("distance.stay", "ratio", 0.1, 10, "Rest of a stay that ends at home"),
    Parameter("leaver.activity", "share", 0, 1, "At 19", ("education", "work", "neither", "unknown"), True),
    Parameter("leaver.in_touch", "share", 0, 1, "Care leavers whose case stays open"),
    Parameter("leaver.early_rate", "per year", 0, 5, "Hazard of leaving at 16 or 17, of those who would stay until 18"),
    Parameter("leaver.early", "ratio", 0, 20, "How readily young people leave at 16 or 17, against 2013-14"),
    Parameter("leaver.staying_put", "share", 0, 1, "Of those fostered until 18, who stay until 21"),
    Parameter("leaver.early_effect", "log odds a year", -5, 5, "Of doing badly at 19, for each year of leaving early"),
    Parameter("leaver.moves_effect", "log odds", -5, 5, "Of doing badly at 19, for 2.7 times as many placements"),
    Parameter("leaver.stay_effect", "log odds", -5, 5, "Of doing well at 19, for having stayed put"),
    Parameter(
        "leaver.usual",
        "number",
        0,
        20,
        "Care leavers of 2013-14, on average",
        columns=("years before 18", "logarithm of placements", "share fostered until 18"),
    ),
    Parameter("leaver.suitable", "share", 0, 1, "Care leavers in touch who have a suitable home at 19"),
    Parameter("leaver.for_each_adviser", "cases", 1, 1000, "Care leavers for each personal adviser"),
    Parameter("leaver.adviser_effect", "elasticity", 0, 5, "Of losing touch, to care leavers for each adviser"),
    Parameter("leaver.support_to", "years", 18, 30, "Age to which they are supported", ("others", "in education")),
    # -- the start -------------------------------------------------------------------------------------------------
    Parameter(
        "start.care_starts",
        "per 10,000 children a year",
        0,
        1000,
        "Children starting to be looked after before the pathway itself supplies them",
    ),
    Parameter("start.care_ages", "share", 0, 1, "Their age at the start", BANDS, True),
    Parameter("start.care_need", "share", 0, 1, "Their primary need", NEEDS, True),
    Parameter(
        "start.disabled_starts", "per 10,000 children a year", 0, 1000, "Disabled children starting long plans then"
    ),
    Parameter("start.planned", "share", 0, 1, "Children known from before who had a protection plan, on average"),
    # -- social workers ---------------------------------------------------------------------------------------------
    Parameter("workforce.posts", "posts per 10,000 children", 0, 1000, "Social worker posts paid for, filled or not"),
    Parameter("workforce.vacancies", "share", 0, 1, "Posts vacant on the first day", opening=True),
    Parameter("workforce.turnover", "share a year", 0, 5, "Workers in post who leave in a year, at the usual workload"),
    Parameter("workforce.recruitment_months", "months", 0.1, 1000, "Mean time to fill a vacant post"),
    Parameter("workforce.newly_qualified", "share", 0, 1, "Recruits in their first year of practice"),
    Parameter("workforce.newly_qualified_load", "ratio", 0, 1, "What they carry in that year, against others"),
    Parameter("workforce.agency_cover", "share", 0, 1, "Vacant posts covered by agency workers"),
    Parameter("workforce.agency_premium", "share", 0, 5, "What agency cover costs above a worker in post"),
    Parameter("workforce.sickness", "share", 0, 1, "Hours lost to sickness"),
    Parameter("workforce.caseload", "cases", 0, 1000, "Most cases allocated to a worker, as a mean over the team"),
    Parameter(
        "workforce.longest_wait", "days", 0, 10_000, "Wait after which a case is allocated whatever the caseload"
    ),
    Parameter("workforce.hours", "hours a year", 0, 8760, "Client-related hours of a full-time worker"),
    Parameter("hours.contact", "hours", 0, 500, "Work at the front door on a contact"),
    Parameter("hours.referral", "hours", 0, 500, "Work on a referral"),
    Parameter("hours.assessment", "hours", 0, 500, "Work on an assessment"),
    Parameter("hours.enquiry", "hours", 0, 500, "Work on a section 47 enquiry"),
    Parameter("hours.conference", "hours", 0, 500, "Work on an initial or a review conference"),
    Parameter("hours.need_month", "hours a month", 0, 500, "Work on a child in need plan"),
    Parameter("hours.plan_month", "hours a month", 0, 500, "Work on a child protection plan"),
    Parameter("hours.care_month", "hours a month", 0, 500, "Work on a looked after child"),
    Parameter("hours.far_month", "hours a month", 0, 500, "More work on a child over 20 miles away: travel"),
    Parameter("hours.proceedings", "hours", 0, 5000, "Work on a care application"),
    Parameter("hours.interview", "hours", 0, 500, "Work on a return interview"),
    # -- places and courts -----------------------------------------------------------------------------------------
    Parameter(
        "placement.places",
        "per 10,000 children",
        0,
        10_000,
        "Places on the first day",
        columns=("own carers", "agency carers", "children's homes"),
        opening=True,
    ),
    Parameter("placement.carers_lost", "share a year", 0, 1, "Places lost as the authority's own carers stop"),
    Parameter("placement.carers_recruited", "share a year", 0, 5, "Places with newly approved own carers"),
    Parameter("placement.supply_response", "share a year", 0, 12, "How fast agencies and homes move to meet use"),
    Parameter("placement.occupancy", "share", 0.05, 1, "Use that agencies and homes aim at"),
    Parameter("placement.homes_inadequate", "share a year", 0, 1, "Homes judged inadequate: improve or close"),
    Parameter("placement.inadequate_close", "share", 0, 1, "Of those, places that close"),
    Parameter("homes.places", "places", 0.1, 100, "Places that an authority's children have in one children's home"),
    Parameter("homes.manager_gaps", "per year", 0, 12, "A home loses its Registered Manager and has none for a time"),
    Parameter("homes.gap_weeks", "weeks", 1, 520, "Mean of that time"),
    Parameter("homes.without_manager", "ratio", 1, 50, "Being judged inadequate without a manager, against with one"),
    Parameter("homes.fewer_admissions", "share", 0, 1, "Places not filled in a home without a manager or inadequate"),
    Parameter("homes.moves", "ratio", 0.1, 10, "Hazard of moving on from such a home, against others"),
    Parameter("placement.spill_moves", "ratio", 0.1, 5, "Hazard of moving on where the first choice was full"),
    Parameter("placement.spill_away", "probability", 0, 1, "Added chance of being over 20 miles away there"),
    Parameter("placement.spill_delay", "days", 0, 1000, "Days that such a placement adds to the time in care"),
    Parameter("court.capacity", "per 10,000 children", 0.001, 1000, "Care applications the court hears at a time"),
    # -- practice --------------------------------------------------------------------------------------------------
    Parameter("practice.mix", "share", 0, 1, "Authorities by quality of practice", QUALITIES, True),
    Parameter("practice.help", "ratio", 0.01, 5, "Effect of quality on what help does", QUALITIES),
    Parameter("practice.drift", "ratio", 0.01, 5, "Effect of quality on time in care", QUALITIES),
    Parameter("practice.turnover", "ratio", 0.01, 5, "Effect of quality on workers leaving", QUALITIES),
    Parameter("practice.noise", "ratio", 0.05, 5, "Effect of quality on the noise in what workers see", QUALITIES),
    Parameter("practice.years", "years", 0.5, 100, "Time in which an authority's practice reverts to the mean"),
    Parameter(
        "practice.leadership",
        "standard deviations a year",
        0,
        2,
        "What a director who has stayed for a year does to practice, over authorities",
    ),
    Parameter("practice.director_changes", "per year", 0, 12, "Hazard that the director of children's services goes"),
    Parameter("practice.director_months", "months", 0, 120, "Time for which practice dips one step after that"),
    Parameter(
        "practice.moves_a_year",
        "standard deviations",
        0,
        1,
        "Move of a decision from one year to the next: of severity for the threshold, of the logarithm for others",
        tuple(Moved.words.labels()),
    ),
    Parameter("practice.kept_a_year", "share", 0, 1, "Part of such moves that is left a year on"),
    # -- inspection ------------------------------------------------------------------------------------------------
    Parameter("inspection.years", "years", 0.2, 50, "Time between inspections"),
    Parameter("inspection.again", "years", 0.2, 50, "The same after a judgement of inadequate"),
    Parameter("inspection.noise", "standard deviations", 0, 5, "Noise in what an inspection sees of practice"),
    Parameter(
        "inspection.inadequate_after",
        "years",
        0,
        50,
        "An inspection finds the authority inadequate so long after the start, whatever its practice; 0 is never",
    ),
    Parameter(
        "inspection.improvement",
        "standard deviations a year",
        0,
        3,
        "What support after a judgement of inadequate does to practice, over authorities",
    ),
    Parameter("inspection.director", "ratio", 0, 10, "Changes of director, by the last judgement", QUALITIES),
    Parameter("inspection.agency", "share", 0, 1, "Vacancies that agency workers cover beside, if inadequate"),
    Parameter("inspection.caution", "ratio", 0, 3, "Rise in how readily enquiries are made, if inadequate"),
    Parameter("inspection.money", "£ a child a year", 0, 1e4, "Money for improvement, given and spent, if inadequate"),
    # -- pressure and the loops ------------------------------------------------------------------------------------
    Parameter("pressure.reference", "ratio", 0.01, 10, "Hours wanted over hours supplied at which fitted values hold"),
    Parameter("pressure.turnover", "elasticity", 0, 5, "Of leaving, to workload over the reference"),
    Parameter("pressure.early_closing", "elasticity", 0, 5, "Of closing plans sooner, to workload over the reference"),
    Parameter("pressure.drift", "elasticity", 0, 5, "Of time in care, to workload over the reference"),
    Parameter(
        "pressure.threshold", "standard deviations", 0, 5, "Rise of the referral threshold for a unit of log workload"
    ),
    *(
        Parameter(f"loop.{name}", "ratio", 0, 3, f"Strength of the loop: {meaning}; 0 switches it off")
        for name, meaning in LOOPS.items()
    ),
    # -- money -----------------------------------------------------------------------------------------------------
    *(
        Parameter(f"prevention.{tier}", "£ a child a year", 0, 1e5, f"Money for prevention: {meaning}")
        for tier, meaning in TIERS.items()
    ),
    Parameter("prevention.noticing", "elasticity", 0, 1, "Of contacts and harm seen, to spend on universal services"),
    Parameter("prevention.open_cases_cost", "£ a case", 1, 1e6, "A programme for one child on a plan"),
    Parameter("prevention.open_cases_relative_risk", "ratio", 0.05, 2, "Harm after such a programme, against none"),
    Parameter("prevention.edge_of_care_cost", "£ a case", 1, 1e6, "A family group conference, for one child"),
    Parameter("prevention.edge_of_care_relative_risk", "ratio", 0, 1, "Becoming looked after, of those offered one"),
    Parameter("prevention.reunification_cost", "£ a case", 1, 1e6, "Support of one return home"),
    Parameter("prevention.reunification_relative_risk", "ratio", 0, 2, "Breakdown of a return home with support"),
    Parameter("prevention.kinship_allowances_cost", "£ a week", 1, 1e5, "An allowance for a guardian, until 18"),
    Parameter(
        "prevention.kinship_allowances_take_up", "probability", 0, 1, "Relatives offered one who become guardians"
    ),
    Parameter("prevention.fdac_cost", "£ a family", 1, 1e6, "A family's place at the Family Drug and Alcohol Court"),
    Parameter("prevention.fdac_eligible", "share", 0, 1, "Families in care proceedings where substances are misused"),
    Parameter("prevention.fdac_take_up", "probability", 0, 1, "Of those families, the parents who take a place"),
    Parameter("prevention.fdac_odds_ratio", "ratio", 1, 20, "Odds of going home from proceedings with such a place"),
    Parameter(
        "prevention.fdac_relative_risk", "ratio", 0.05, 1, "Back in care after a return home from that court, at first"
    ),
    Parameter("budget.total", "£ a child a year", 0, 1e6, "Budget of prevention and intervention together"),
    Parameter("budget.growth", "% a year", -50, 50, "Growth of that budget for each child, in the prices of the costs"),
    Parameter("budget.reserves", "£ a child", 0, 1e5, "Reserves on the first day", opening=True),
    Parameter("budget.reserves_floor", "£ a child", -1e5, 1e5, "What reserves may go down to; the rest is paid back"),
    Parameter(
        "budget.most_owed", "share", 0, 10, "Most of a year's budget that goes to paying back; the council pays more"
    ),
    Parameter(
        "budget.spending_controls",
        "order",
        0,
        3,
        "Controls of an overspend by name, in the order they are applied; one left out never is",
        SPENDING_CONTROLS,
    ),
    Parameter("budget.deepest_cut", "share", 0, 1, "Most of prevention spend that a spending control may withhold"),
    Parameter("budget.emergency_cut", "share", 0, 1, "The same while overspends of earlier years are paid back"),
    Parameter("budget.universal_first", "share", 0, 1, "Of universal services, what a cut takes before targeted help"),
    Parameter("budget.most_vacant", "share", 0, 1, "Posts that a freeze on recruitment may leave vacant"),
    *(
        Parameter(f"inflation.{line}", "% a year", -20, 50, f"Rise of the cost of {label} after March 2014")
        for line, label in INFLATED.items()
    ),
    Parameter("cost.social_worker", "£ a year", 1, 1e6, "Social work spend for each worker in post"),
    Parameter("cost.foster_in_house", "£ a week", 1, 1e5, "A child with the authority's own foster carers"),
    Parameter("cost.foster_agency", "£ a week", 1, 1e5, "A child with agency foster carers"),
    Parameter("cost.kinship", "£ a week", 1, 1e5, "A child fostered by a relative or friend"),
    Parameter("cost.childrens_home", "£ a week", 1, 1e5, "A child in a children's home"),
    Parameter("cost.other_placement", "£ a week", 1, 1e5, "A child in a residential school, secure unit or hostel"),
    Parameter("cost.spot_placement", "£ a week", 1, 1e5, "A child in a placement bought in haste"),
    Parameter("cost.looked_after_other", "£ a year", 1, 1e6, "Other costs of a looked after child; a residual"),
    Parameter("cost.leaver", "£ a year", 0, 1e6, "A care leaver supported: home, grants, and what is around them"),
    Parameter("cost.personal_adviser", "£ a year", 0, 1e6, "A personal adviser of care leavers"),
    Parameter("cost.staying_put", "£ a week", 0, 1e5, "A care leaver with former foster carers"),
    Parameter("cost.intervention_other", "£ a child a year", 0, 1e5, "Other intervention; a residual, not modelled"),
)

PARAMETERS: dict[str, Parameter] = {parameter.name: parameter for parameter in _DECLARED}

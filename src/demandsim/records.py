"""The columns of every results table: what each counts, in what unit. The model fills them, the measures read them."""

from __future__ import annotations

from demandsim.lookup import looked_up_often
from demandsim.vocabulary import (
    AGE_BANDS,
    DURATION_BANDS,
    Judgement,
    LeaverActivity,
    LegalRoute,
    Need,
    Placement,
    Vocabulary,
)

_LENGTHS = tuple(label for label, _ in DURATION_BANDS)
_AGES = tuple(label for label, _, _ in AGE_BANDS)
_NEEDS = tuple(Need.words.labels())
#: Children by whether their need is neglect, and authorities by judgement.
NEGLECTED = ("other need", "neglect")
JUDGEMENTS = ("good", "requires improvement", "inadequate")


@looked_up_often
class Count:
    """Things counted in a month. The label is the column's name in the monthly table. Append only."""

    words = Vocabulary()
    CONTACT = words.word("contacts", "initial contacts, per child")
    CONTACT_NO_ACTION = words.word("contacts_no_action", "contacts below every threshold")
    EARLY_HELP_ASKED = words.word("early_help_asked", "children for whom early help was asked")
    EARLY_HELP_STARTED = words.word("early_help_started", "early help cases started")
    EARLY_HELP_WORKED = words.word("early_help_effective", "early help cases started that are effectively planned")
    EARLY_HELP_UNMET = words.word("early_help_unmet", "children who gave up waiting for early help")
    REFERRAL = words.word("referrals", "referrals of children with no open case")
    RE_REFERRAL = words.word("re_referrals", "referrals within 12 months of the child's previous referral")
    REFERRAL_NO_ACTION = words.word("referrals_no_further_action", "referrals closed at once")
    REFERRAL_ASSESSED = words.word("referrals_to_assessment", "referrals that went to assessment")
    REFERRAL_ENQUIRY = words.word("referrals_to_enquiry", "referrals that began with a section 47 enquiry")
    NOT_IN_NEED = words.word("assessed_not_in_need", "referrals assessed and found not in need")
    STEPPED_DOWN = words.word("assessed_early_help", "assessed children whose need early help can meet")
    NEED_STARTED = words.word("need_episodes_started", "episodes of need started (counted when need is found)")
    NEED_ENDED = words.word("need_episodes_ended", "episodes of need ended")
    ASSESSED_CONTINUOUS = words.word("continuous_assessments", "continuous assessments completed")
    ASSESSED_IN_TIME = words.word("continuous_assessments_in_time", "of them within 45 working days")
    CONCERN = words.word("concerns_on_open_cases", "section 47 enquiries begun by a new concern on an open case")
    ENQUIRY = words.word("section_47_enquiries", "section 47 enquiries started")
    CONFERENCE = words.word("conferences", "initial child protection conferences")
    CONFERENCE_IN_TIME = words.word("conferences_in_time", "of them within 15 working days of the strategy discussion")
    PLAN_STARTED = words.word("plans_started", "child protection plans started")
    PLAN_REPEAT = words.word("plans_repeat", "of them second or subsequent plans of the child")
    PLAN_ENDED = words.word("plans_ended", "child protection plans ended")
    PLAN_STEPPED_DOWN = words.word("plans_stepped_down", "plans ended with a child in need plan")
    PLAN_CLOSED = words.word("plans_closed", "plans ended with the case closed")
    PLAN_TO_CARE = words.word("plans_to_care", "plans ended because the child became looked after")
    REVIEW = words.word("plan_reviews", "review conferences held")
    REVIEW_LATE = words.word("plan_reviews_late", "of them after the limit")
    CARE_STARTED = words.word("care_started", "children starting to be looked after")
    CARE_FROM_ASSESSMENT = words.word(
        "care_from_assessment", "of them from an assessment or enquiry, or without a case"
    )
    CARE_FROM_NEED = words.word("care_from_need", "of them from a child in need plan")
    CARE_FROM_HOME = words.word("care_from_breakdown", "of them because a return home broke down")
    CARE_FROM_GUARDIANS = words.word("care_from_guardians", "of them because guardians could not keep the child")
    CARE_AGAIN = words.word("care_again", "of them looked after before")
    CARE_EMERGENCY = words.word("care_emergency", "of them by police protection or emergency order")
    APPLICATION = words.word("care_applications", "care applications, one a family")
    CARE_ENDED = words.word("care_ended", "children ceasing to be looked after")
    LEFT_HOME = words.word("left_home", "of them to parents or relatives")
    LEFT_ADOPTION = words.word("left_adoption", "of them adopted")
    LEFT_GUARDIANSHIP = words.word("left_guardianship", "of them under guardianship or residence orders")
    LEFT_OTHER = words.word("left_other", "of them by another route before 18")
    LEFT_EIGHTEEN = words.word("left_eighteen", "of them at 18")
    MOVE = words.word("placement_moves", "moves between placements")
    MISSING = words.word("missing_episodes", "episodes of going missing from care")
    INTERVIEWED = words.word("return_interviews", "of them with a return interview within 72 hours")
    LEAVER_NINETEEN = words.word("leavers_nineteen", "care leavers reaching 19")
    LEAVER_ENDED = words.word("leavers_ended", "care leavers whose support ended")
    BREAKDOWN = words.word("home_breakdowns", "returns home that broke down")
    NEED_CLOSED = words.word("need_closed", "children leaving every plan at home with the case closed")
    CARE_IN_YEAR = words.word(
        "care_first_this_year", "starts of children not looked after earlier in the financial year"
    )
    NEED_FROM_ASSESSMENT = words.word(
        "need_from_assessment", "children in need plans begun from an assessment or an enquiry"
    )
    HOURS_SUPPLIED = words.word(
        "hours_supplied", "client-related hours that social workers had", unit="hours per month"
    )
    HOURS_WANTED = words.word("hours_wanted", "hours that the work needed", unit="hours per month")
    HOURS_USED = words.word("hours_used", "hours worked on cases", unit="hours per month")
    VISIT_DUE = words.word("visits_due", "visits due to children in need, on plans and looked after")
    VISIT_MISSED = words.word("visits_missed", "of them missed or late for want of hours")
    STAFF_LEFT = words.word("workers_left", "social workers who left")
    STAFF_JOINED = words.word("workers_joined", "social workers recruited")
    PLACED_FIRST_FULL = words.word("placements_first_choice_full", "placements made where the first choice was full")
    ASSESSMENT_STARTED = words.word("assessments_started", "assessments begun by an allocated worker")
    UNALLOCATED_DAYS = words.word(
        "unallocated_days", "child-days waiting for a worker to be allocated", unit="days per month"
    )
    PREVENTION_CUT = words.word(
        "prevention_cut", "prevention spend withheld to meet an overspend, in pounds", unit="pounds per month"
    )
    EXPOSURE = words.word(
        "exposure", "modelled exposure to serious harm: its hazard, over all children known", unit="points per month"
    )
    REFERRAL_CARE = words.word("referrals_to_care", "referrals of children who became looked after at once")
    HARM_SEEN = words.word("harm_seen", "times that harm to a child at home is seen")
    CONTACT_AGAIN = words.word("contacts_again", "contacts within 12 months of a case being closed")
    CASE_OPENED = words.word("cases_opened", "cases opened")
    CASE_CLOSED = words.word("cases_closed", "cases closed, referrals with no further action among them")
    UNSERVED = words.word(
        "unserved",
        "child-months above the early help threshold, at home, without a case or early help",
        unit="child-months",
    )
    DOSE = words.word(
        "help_delivered",
        "what help took off severity, in standard deviations over all children",
        unit="standard deviations per month",
    )
    CLOSED_HOME = words.word("closed_at_home", "episodes of need of children at home that were closed")
    CLOSED_SEVERITY = words.word(
        "severity_at_closure",
        "severity of those children, summed, in standard deviations",
        unit="standard deviations per month",
    )
    CARE_ORDER = words.word("care_order", "starts with care proceedings, without an emergency")
    CARE_REMAND = words.word("care_remand", "children coming into care on remand")
    CARE_UNACCOMPANIED = words.word("care_unaccompanied", "unaccompanied children coming into care")
    ORDER_LATER = words.word("order_later", "care proceedings about children looked after by agreement until then")
    LEFT_SPECIAL_GUARDIANSHIP = words.word("left_special_guardianship", "of those to guardians, by a special order")
    EDGE_OFFERED = words.word("family_group_conferences", "offered when a child is about to become looked after")
    RETURN_SUPPORTED = words.word("returns_supported", "returns home from care with support")
    RELIEVED = words.word(
        "relieved", "overspend that the rest of the council pays for good, in pounds", unit="pounds per month"
    )
    OWED = words.word(
        "owed",
        "overspend beyond what reserves may bear, taken off the next year's budget, in pounds",
        unit="pounds per month",
    )
    MISSING_HOME = words.word("missing_from_home", "episodes of going missing from home, of children known")
    INTERVIEWED_HOME = words.word("return_interviews_home", "of them with a return interview within 72 hours")
    EXPLOITED = words.word("exploitation_begun", "children whose exploitation begins, whether anybody knows or not")
    EXPLOITED_FOUND = words.word("exploitation_identified", "children whose exploitation is identified")
    HOME_CLOSED = words.word("homes_closed", "children's homes that close")
    PLACES_CLOSED = words.word("home_places_closed", "places in them", unit="places per month")
    LEAVER_OWED = words.word("leavers_owed_support", "young people leaving care who are owed support")
    LEAVER_IN_TOUCH = words.word("leavers_in_touch", "of them those whom the authority stays in touch with")
    LEFT_EARLY = words.word("left_early", "children leaving care at 16 or 17, by any route")
    LEAVER_STAYS = words.word("leavers_staying_put", "of them those who stay with their foster carers")
    LEAVER_SUITABLE = words.word("leavers_suitable_home", "care leavers reaching 19 in a suitable home")
    STAYING_PUT = words.word("staying_put", "child-months with former foster carers after 18", unit="child-months")
    CONTACT_PARTNERS = words.word(
        "contacts_from_partners", "initial contacts that partners are expected to make", unit="contacts per month"
    )
    EARLY_HELP_DOSE = words.word(
        "early_help_delivered", "what early help took off severity", unit="standard deviations per month"
    )
    EARLY_HELP_PARTNERS = words.word(
        "early_help_of_partners", "of that, what partners did", unit="standard deviations per month"
    )
    IMPROVED = words.word("improved", "inspections that find an inadequate authority better")
    IMPROVED_MONTHS = words.word("months_to_improve", "months that those were judged inadequate", unit="months")
    DIRECTOR_CHANGED = words.word("director_changes", "changes of director of children's services")
    DIRECTOR_YEAR = words.word("director_changed", "first of them in a financial year")
    FDAC_FAMILY = words.word("fdac_families", "families with a place at the Family Drug and Alcohol Court")
    ALLOWANCE_STARTED = words.word("kinship_allowances_started", "children leaving care to kin with an allowance")
    ALLOWANCE_PAID = words.word(
        "kinship_allowances_paid", "allowances paid to such guardians in the month", unit="child-months"
    )
    PLACED_FOR_ADOPTION = words.word("placed_for_adoption", "children who move in with adopters")
    PLACED_FOR_ADOPTION_DAYS = words.word("days_to_adopters", "days of care until then, summed", unit="days per month")
    # From here on, counts with a column for each label.
    NEED_ENDED_BAND = words.word("need_episodes_ended", "episodes of need ended, by length", _LENGTHS)
    PLAN_ENDED_BAND = words.word("plans_ended", "plans ended, by length", _LENGTHS)
    CARE_STARTED_NEWBORN = words.word("care_started_newborn", "starting to be looked after within a week of birth")
    CARE_STARTED_AGE = words.word("care_started", "starting to be looked after, by age", _AGES)
    CARE_ENDED_BAND = words.word(
        "care_ended",
        "ceasing to be looked after, by time in care",
        ("under 2 weeks", "2 weeks to 1 year", "1 to 2 years", "2 to 5", "5 to 10", "10 or more"),
    )
    CARE_ENDED_MOVES = words.word(
        "care_ended_placements",
        "ceasing to be looked after, by placements in all periods",
        ("1 to 4", "5 to 9", "10 or more"),
    )
    ADOPTED_AGE = words.word("left_adoption", "adopted, by age", ("under 1", "1", "2 to 5", "over 5"))
    LEAVER_ACTIVITY = words.word(
        "leavers_nineteen", "care leavers reaching 19, by activity", tuple(LeaverActivity.words.labels())
    )
    HOME_JUDGED = words.word(
        "homes_judged", "children's homes inspected, by judgement", tuple(Judgement.words.labels())
    )
    FOUND = words.word("inspections", "inspections of the authority, by what they find", JUDGEMENTS)
    UNPROTECTED = words.word(
        "unprotected", "child-months at home above the protection level, without a plan", NEGLECTED, unit="child-months"
    )
    PROTECTED = words.word("protected", "children above that level who come under a plan or into care", NEGLECTED)
    PROTECTED_MONTHS = words.word(
        "months_until_protected", "months that those had been above it without either", NEGLECTED, unit="child-months"
    )
    PROTECTED_LATE = words.word("protected_late", "of those, after more than three months", NEGLECTED)
    CARE_STARTED_NEED = words.word("care_started_need", "children starting to be looked after, by primary need", _NEEDS)
    CARE_STARTED_BASIS = words.word(
        "care_started_basis", "children starting to be looked after, by legal basis", tuple(LegalRoute.words.labels())
    )
    CARE_ENDED_AGE = words.word("care_ended_age", "children ceasing to be looked after, by age", _AGES)


@looked_up_often
class Stock:
    """Things counted at a moment: at each month's end and, those that need a look at every open case, on 31 March."""

    words = Vocabulary()
    IN_NEED = words.word("children_in_need", "open cases: children in need in every state")
    AWAITING = words.word("awaiting_assessment", "of them awaiting the result of an assessment")
    ENQUIRY = words.word("in_enquiry", "of them in a section 47 enquiry")
    NEED_PLAN = words.word("need_plans", "of them on a child in need plan at home")
    PLAN = words.word("protection_plans", "of them subject to a child protection plan")
    CARE = words.word("looked_after", "of them looked after")
    LEAVER = words.word("care_leavers", "of them care leavers")
    EARLY_HELP = words.word("early_help_cases", "children receiving early help")
    EARLY_HELP_WAITING = words.word("early_help_waiting", "children waiting for early help")
    UNALLOCATED = words.word("unallocated", "referred children waiting for a worker to be allocated")
    UNALLOCATED_LONG = words.word("unallocated_1_week", "of them, those waiting for more than a week")
    POSTS = words.word("posts", "social worker posts, full-time equivalents", unit="full-time equivalents")
    IN_POST = words.word("workers_in_post", "posts filled by the authority's own workers", unit="full-time equivalents")
    NEWLY_QUALIFIED = words.word("workers_newly_qualified", "of them in their first year", unit="full-time equivalents")
    AGENCY_WORKERS = words.word(
        "workers_agency", "vacant posts covered by agency workers", unit="full-time equivalents"
    )
    CASES_ROOM = words.word("cases_room", "cases that the workers there can hold", unit="cases")
    PROCEEDINGS = words.word("proceedings", "care applications before the court", unit="applications")
    RESERVES = words.word("reserves", "money put aside, in pounds; below zero, overspends not paid for", unit="pounds")
    FORECAST = words.word(
        "forecast_overspend", "what the year is forecast to cost, less its budget, in pounds", unit="pounds"
    )
    PLACES_OWN = words.word("places_own_carers", "places with the authority's own foster carers", unit="places")
    PLACES_AGENCY = words.word("places_agency_carers", "places with agency foster carers", unit="places")
    PLACES_HOMES = words.word("places_homes", "places in children's homes", unit="places")
    FAR = words.word("far_from_home", "looked after children over 20 miles from home")
    HOMES = words.word("homes", "children's homes that the authority uses", unit="homes")
    HOMES_UNMANAGED = words.word("homes_without_manager", "of them without a Registered Manager", unit="homes")
    PLACED = words.word("placed", "looked after children, by placement", tuple(Placement.words.labels()))
    JUDGED = words.word("judged", "authorities, by judgement of their last inspection", JUDGEMENTS, unit="authorities")
    PRACTICE = words.word(
        "practice",
        "quality of practice, over authorities, against the mean of 2013-14",
        unit="standard deviations",
    )


@looked_up_often
class Census:
    """Counted once a year over the open cases of 31 March."""

    words = Vocabulary()
    NEED_OPEN_BAND = words.word("children_in_need", "open episodes of need, by length so far", _LENGTHS)
    PLAN_OPEN_BAND = words.word("protection_plans", "open plans, by length so far", _LENGTHS)
    PLAN_REVIEWABLE = words.word("plans_three_months", "plans open for three months or more")
    PLAN_REVIEWED = words.word("plans_reviewed_in_time", "of them with every review of the year in time")
    CARE_AGE = words.word("looked_after_age", "looked after children, by age", _AGES)
    CARE_THREE_PLACEMENTS = words.word(
        "looked_after_3_placements", "looked after, three or more placements in the year"
    )
    CARE_TWO_PLACEMENTS = words.word("looked_after_2_placements", "looked after, two or more placements in the year")
    CARE_ANY_TIME = words.word("looked_after_in_year", "children looked after at any time in the year")
    HOME_AWAY = words.word("homes_out_of_area", "children's home residents over 20 miles from home")
    HOME_COHORT = words.word("home_cohort", "children who went home in the year five years before")
    HOME_COHORT_BACK = words.word("home_cohort_back", "of them looked after again within five years")
    PLACED_3_MONTHS = words.word("placed_under_3_months", "looked after, present placement under three months old")
    PLACED_2_YEARS = words.word("placed_over_2_years", "looked after, present placement over two years old")
    NEED_FOUND = words.word("found_in_need", "open cases that have been found to be episodes of need")
    LEAVERS = words.word("care_leavers_18", "care leavers aged 18 and over")
    NEED_NEED = words.word("children_in_need_need", "open episodes of need, by primary need", _NEEDS)
    NEED_AGE = words.word("children_in_need_age", "open episodes of need, by age; the unborn are under 1", _AGES)
    PLAN_AGE = words.word("protection_plans_age", "open plans, by age; the unborn are under 1", _AGES)
    CARE_NEED = words.word("looked_after_need", "looked after children, by primary need", _NEEDS)
    LEFT_1 = words.word("left_1", "children who left care before 18, not adopted, in the year before")
    LEFT_1_BACK = words.word("left_1_back", "of them looked after again within a year")
    LEFT_5 = words.word("left_5", "children who left care before 18, not adopted, in the year five years before")
    LEFT_5_BACK = words.word("left_5_back", "of them looked after again within five years")
    REFERRED_4 = words.word("referred_4", "children referred in the year four years before")
    REFERRED_4_BACK = words.word("referred_4_back", "of them referred again since")
    CLOSED_3 = words.word(
        "closed_short_3", "cases closed at referral or after assessment, in the year three years before", unit="cases"
    )
    CLOSED_3_BACK = words.word(
        "closed_short_3_back", "of them those whose child was referred again within 27 months", unit="cases"
    )
    # These from the first year whose children were all born after the pathway begins; before it, nothing.
    ONE_AGE = words.word("one_age", "children born in one year: a part in 18 of all")
    FIRST_REFERRED = words.word("first_referred", "children referred for the first time in their lives, in the year")
    FIRST_ASSESSED = words.word(
        "first_assessed", "children first assessed, or looked after or in an enquiry at once, in the year"
    )
    FIRST_IN_NEED = words.word("first_in_need", "children first found in need in the year")
    FIRST_PLAN = words.word("first_plan", "children first subject to a child protection plan in the year")


@looked_up_often
class SpellKind:
    """What a spell is of."""

    words = Vocabulary()
    EPISODE = words.word(
        "episode of need", "an open case, from referral to closing; detail: whether need has been found"
    )
    PLAN = words.word("child protection plan", "detail: which of the child's")
    CARE = words.word("looked after", "a period of care; detail: which of the child's; basis: legal basis at its start")
    PLACEMENT = words.word("placement", "detail: its type")
    CONTACT = words.word("contact", "a moment; ended by what came of it")
    REFERRAL = words.word("referral", "a moment; ended by its result")
    ASSESSMENT = words.word("assessment", "by a worker, who may have been waited for; detail: continuous or initial")
    ENQUIRY = words.word("section 47 enquiry", "from the strategy discussion on; detail: which of the child's")
    CONFERENCE = words.word("initial conference", "a moment; ended by what it decided")
    REVIEW = words.word("plan review", "a moment; detail: in time or late")
    NEED_FOUND = words.word("need found", "the moment at which an open case is found to be an episode of need")
    PROCEEDINGS = words.word("care proceedings", "of each child; an application is for all of a family on one day")
    EARLY_HELP = words.word("early help", "a case; detail: whether it is effectively planned")
    LEAVER = words.word("care leaver", "supported after leaving care at 16 or over")


@looked_up_often
class SpellEnd:
    """How a spell ended. The first are those of `LeavingRoute`."""

    words = Vocabulary()
    HOME = words.word("home", "left care to parents or relatives")
    ADOPTION = words.word("adoption", "left care by an adoption order")
    GUARDIANSHIP = words.word("guardianship", "left care by a residence order; of a case, by either order")
    OTHER = words.word("other", "left care by another route before 18")
    EIGHTEEN = words.word("eighteenth birthday", "the child grew up")
    NO_ACTION = words.word("no further action", "of a contact or a referral")
    EARLY_HELP = words.word("early help", "it was requested; of a contact, or a case whose need it can meet")
    REFERRED = words.word("referral", "of a contact")
    ASSESSMENT = words.word("assessment", "of a referral")
    ENQUIRY = words.word("section 47 enquiry", "of a referral; of an assessment that it cut short")
    CARE = words.word("looked after", "the child became looked after")
    NOT_IN_NEED = words.word("not in need", "of a case")
    CLOSED = words.word("case closed", "of a case or a plan")
    COMPLETED = words.word("completed", "of an assessment")
    SUBSTANTIATED = words.word("conference", "of an enquiry that led to one")
    UNSUBSTANTIATED = words.word("no conference", "of an enquiry that did not")
    PLAN = words.word("child protection plan", "of a conference")
    NEED_PLAN = words.word("child in need plan", "of a conference without, and of a plan stepped down")
    GOES_ON = words.word("plan goes on", "of a review")
    ENDS = words.word("plan ends", "of a review")
    SUPPORT_ENDED = words.word("support ended", "of a care leaver's case")
    SPECIAL_GUARDIANSHIP = words.word("special guardianship", "left care by a special guardianship order")

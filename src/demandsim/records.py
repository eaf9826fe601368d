"""The columns of every results table: what each counts, in what unit. The model fills them, the measures read them."""

from __future__ import annotations

from demandsim.vocabulary import AGE_BANDS, DURATION_BANDS, LeaverActivity, Placement, Vocabulary

_LENGTHS = tuple(label for label, _ in DURATION_BANDS)
_AGES = tuple(label for label, _, _ in AGE_BANDS)


class Count:
    """Things counted in a month. The label is the column's name in the monthly table. Append only."""

    all = Vocabulary()
    CONTACT = all.word("contacts", "initial contacts, per child")
    CONTACT_NO_ACTION = all.word("contacts_no_action", "contacts below every threshold")
    EARLY_HELP_ASKED = all.word("early_help_asked", "children for whom early help was asked")
    EARLY_HELP_STARTED = all.word("early_help_started", "early help cases started")
    EARLY_HELP_WORKED = all.word("early_help_effective", "early help cases started that are effectively planned")
    EARLY_HELP_UNMET = all.word("early_help_unmet", "children who gave up waiting for early help")
    REFERRAL = all.word("referrals", "referrals of children with no open case")
    RE_REFERRAL = all.word("re_referrals", "referrals within 12 months of the child's previous referral")
    REFERRAL_NO_ACTION = all.word("referrals_no_further_action", "referrals closed at once")
    REFERRAL_ASSESSED = all.word("referrals_to_assessment", "referrals that went to assessment")
    REFERRAL_ENQUIRY = all.word("referrals_to_enquiry", "referrals that began with a section 47 enquiry")
    NOT_IN_NEED = all.word("assessed_not_in_need", "referrals assessed and found not in need")
    STEPPED_DOWN = all.word("assessed_early_help", "assessed children whose need early help can meet")
    NEED_STARTED = all.word("need_episodes_started", "episodes of need started (counted when need is found)")
    NEED_ENDED = all.word("need_episodes_ended", "episodes of need ended")
    ASSESSED_CONTINUOUS = all.word("continuous_assessments", "continuous assessments completed")
    ASSESSED_IN_TIME = all.word("continuous_assessments_in_time", "of them within 45 working days")
    CONCERN = all.word("concerns_on_open_cases", "section 47 enquiries begun by a new concern on an open case")
    ENQUIRY = all.word("section_47_enquiries", "section 47 enquiries started")
    CONFERENCE = all.word("conferences", "initial child protection conferences")
    CONFERENCE_IN_TIME = all.word("conferences_in_time", "of them within 15 working days of the strategy discussion")
    PLAN_STARTED = all.word("plans_started", "child protection plans started")
    PLAN_REPEAT = all.word("plans_repeat", "of them second or subsequent plans of the child")
    PLAN_ENDED = all.word("plans_ended", "child protection plans ended")
    PLAN_STEPPED_DOWN = all.word("plans_stepped_down", "plans ended with a child in need plan")
    PLAN_CLOSED = all.word("plans_closed", "plans ended with the case closed")
    PLAN_TO_CARE = all.word("plans_to_care", "plans ended because the child became looked after")
    REVIEW = all.word("plan_reviews", "review conferences held")
    REVIEW_LATE = all.word("plan_reviews_late", "of them after the limit")
    CARE_STARTED = all.word("care_started", "children starting to be looked after")
    CARE_FROM_ASSESSMENT = all.word("care_from_assessment", "of them from an assessment or enquiry")
    CARE_FROM_NEED = all.word("care_from_need", "of them from a child in need plan")
    CARE_FROM_HOME = all.word("care_from_breakdown", "of them because a return home broke down")
    CARE_AGAIN = all.word("care_again", "of them looked after before")
    CARE_EMERGENCY = all.word("care_emergency", "of them by police protection or emergency order")
    CARE_SIXTEEN = all.word("care_started_16", "of them aged 16 and over")
    APPLICATION = all.word("care_applications", "care applications, one a family")
    CARE_ENDED = all.word("care_ended", "children ceasing to be looked after")
    LEFT_HOME = all.word("left_home", "of them to parents or relatives")
    LEFT_ADOPTION = all.word("left_adoption", "of them adopted")
    LEFT_GUARDIANSHIP = all.word("left_guardianship", "of them under guardianship or residence orders")
    LEFT_OTHER = all.word("left_other", "of them by another route before 18")
    LEFT_EIGHTEEN = all.word("left_eighteen", "of them at 18")
    MOVE = all.word("placement_moves", "moves between placements")
    MISSING = all.word("missing_episodes", "episodes of going missing from care")
    INTERVIEWED = all.word("return_interviews", "of them with a return interview within 72 hours")
    LEAVER_NINETEEN = all.word("leavers_nineteen", "care leavers reaching 19")
    LEAVER_ENDED = all.word("leavers_ended", "care leavers whose support ended")
    BREAKDOWN = all.word("home_breakdowns", "returns home that broke down")
    NEED_CLOSED = all.word("need_closed", "children leaving every plan at home with the case closed")
    CARE_IN_YEAR = all.word("care_first_this_year", "starts of children not looked after earlier in the financial year")
    NEED_ENDED_BAND = all.word("need_episodes_ended", "episodes of need ended, by length", _LENGTHS)
    PLAN_ENDED_BAND = all.word("plans_ended", "plans ended, by length", _LENGTHS)
    CARE_ENDED_BAND = all.word("care_ended", "ceasing to be looked after, by time in care", ("under 2 weeks", "2 weeks to 1 year", "1 to 2 years", "2 to 5", "5 to 10", "10 or more"))
    CARE_ENDED_MOVES = all.word("care_ended_placements", "ceasing to be looked after, by placements in the period", ("1 to 4", "5 to 9", "10 or more"))
    ADOPTED_AGE = all.word("left_adoption", "adopted, by age", ("under 1", "1", "2 to 5", "over 5"))
    LEAVER_ACTIVITY = all.word("leavers_nineteen", "care leavers reaching 19, by activity", tuple(LeaverActivity.all.labels()))


class Stock:
    """Things counted at a moment: at each month's end and, those that need a look at every open case, on 31 March."""

    all = Vocabulary()
    IN_NEED = all.word("children_in_need", "open cases: children in need in every state")
    AWAITING = all.word("awaiting_assessment", "of them awaiting the result of an assessment")
    ENQUIRY = all.word("in_enquiry", "of them in a section 47 enquiry")
    NEED_PLAN = all.word("need_plans", "of them on a child in need plan at home")
    PLAN = all.word("protection_plans", "of them subject to a child protection plan")
    CARE = all.word("looked_after", "of them looked after")
    LEAVER = all.word("care_leavers", "of them care leavers")
    EARLY_HELP = all.word("early_help_cases", "children receiving early help")
    EARLY_HELP_WAITING = all.word("early_help_waiting", "children waiting for early help")
    PLACED = all.word("placed", "looked after children, by placement", tuple(Placement.all.labels()))


class Census:
    """Counted once a year over the open cases of 31 March."""

    all = Vocabulary()
    NEED_OPEN_BAND = all.word("children_in_need", "open episodes of need, by length so far", _LENGTHS)
    PLAN_OPEN_BAND = all.word("protection_plans", "open plans, by length so far", _LENGTHS)
    PLAN_REVIEWABLE = all.word("plans_three_months", "plans open for three months or more")
    PLAN_REVIEWED = all.word("plans_reviewed_in_time", "of them with every review of the year in time")
    CARE_AGE = all.word("looked_after_age", "looked after children, by age", _AGES)
    CARE_THREE_PLACEMENTS = all.word("looked_after_3_placements", "looked after, three or more placements in the year")
    CARE_ANY_TIME = all.word("looked_after_in_year", "children looked after at any time in the year")
    HOME_AWAY = all.word("homes_out_of_area", "children's home residents over 20 miles from home")
    HOME_COHORT = all.word("home_cohort", "children who went home in the year five years before")
    HOME_COHORT_BACK = all.word("home_cohort_back", "of them looked after again within five years")
    PLACED_3_MONTHS = all.word("placed_under_3_months", "looked after, present placement under three months old")
    PLACED_2_YEARS = all.word("placed_over_2_years", "looked after, present placement over two years old")

"""Measures of where looked after children live and what befalls them there: distance, homes, missing, care leavers."""

from __future__ import annotations

from demandsim.records import Count, Stock
from demandsim.results.measure import Measure, bands, flow, measure, ratio, share
from demandsim.vocabulary import Judgement, LeaverActivity, SpendCause

PLACEMENTS: list[Measure] = [
    measure(
        "far_from_home",
        "Over 20 miles from home",
        "% of children looked after",
        "placements",
        lambda year: ratio(year.stock(Stock.FAR), year.stock(Stock.CARE)),
        "Of children looked after on 31 March, whatever the placement (SSDA903)",
    ),
    flow(
        "placement_moves",
        "Moves between placements",
        "placements",
        Count.MOVE,
        definition="From one placement to another, within a period of care",
    ),
    flow(
        "missing_from_home",
        "Missing episodes from home",
        "missing",
        Count.MISSING_HOME,
        definition="Episodes of going missing from home of children of 10 and over who are known to the authority",
    ),
    measure(
        "interviews_held",
        "Return interviews held",
        "per year",
        "missing",
        lambda year: year.count(Count.INTERVIEWED, Count.INTERVIEWED_HOME),
        "Within 72 hours of the return, from care and from home",
    ),
    flow(
        "exploitation_identified",
        "Exploitation identified",
        "missing",
        Count.EXPLOITED_FOUND,
        definition="Children whose exploitation is identified, by a return interview or by what is known about others",
    ),
    share(
        "exploitation_known",
        "Exploitation identified, of what begins",
        "exploitation begun",
        "missing",
        Count.EXPLOITED_FOUND,
        Count.EXPLOITED,
        "Children whose exploitation is identified, against those whose exploitation begins in the year (modelled)",
    ),
    *bands(
        "homes_judged",
        "Children's homes judged",
        "% of homes inspected",
        "placements",
        Judgement.words.labels(),
        Count.HOME_JUDGED,
        "count",
        "Full inspections of the year (report, figure 10)",
    ),
    measure(
        "homes_without_manager",
        "Children's homes without a manager",
        "% of homes",
        "placements",
        lambda year: ratio(year.stock(Stock.HOMES_UNMANAGED), year.stock(Stock.HOMES)),
        "Without a Registered Manager on 31 March (report, paragraph 86)",
    ),
    measure(
        "home_places_closed",
        "Places lost as homes close",
        "% of places in children's homes",
        "placements",
        lambda year: ratio(year.count(Count.PLACES_CLOSED), year.stock(Stock.PLACES_HOMES)),
        "In the year, in homes judged inadequate that close; of the places there are on 31 March",
    ),
    share(
        "leavers_in_touch",
        "Care leavers in touch",
        "care leavers owed support",
        "leaving care",
        Count.LEAVER_IN_TOUCH,
        Count.LEAVER_OWED,
        "Of those leaving care who are owed support, those whose case stays open",
    ),
    measure(
        "leavers_busy",
        "Care leavers aged 19 in education or work",
        "% of care leavers reaching 19",
        "leaving care",
        lambda year: ratio(
            year.count(Count.LEAVER_ACTIVITY, Count.LEAVER_ACTIVITY + LeaverActivity.WORK),
            year.count(Count.LEAVER_NINETEEN),
        ),
        "In education, training or employment (report, paragraph 89)",
    ),
    share(
        "leavers_suitable",
        "Care leavers aged 19 in a suitable home",
        "care leavers reaching 19",
        "leaving care",
        Count.LEAVER_SUITABLE,
        Count.LEAVER_NINETEEN,
        "Of those the authority is in touch with (SSDA903)",
    ),
    measure(
        "left_before_18",
        "Left care at 16 or 17",
        "% of those leaving at 16 or over",
        "leaving care",
        lambda year: ratio(year.count(Count.LEFT_EARLY), year.count(Count.LEFT_EARLY, Count.LEFT_EIGHTEEN)),
        "Before the eighteenth birthday, by any route",
    ),
    flow(
        "leavers_staying_put",
        "Care leavers who stay put",
        "leaving care",
        Count.LEAVER_STAYS,
        definition="Young people who stay with their foster carers at 18",
    ),
    measure(
        "spend_leaving_care",
        "Leaving care",
        "£ million a year",
        "leaving care",
        lambda year: year.spend_on(SpendCause.LEAVING_CARE),
        "Support of care leavers: homes, personal advisers, staying put (within looked after children)",
    ),
]

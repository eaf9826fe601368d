"""Measures of where looked after children live and what befalls them there: distance, homes, missing, care leavers."""

from __future__ import annotations

from demandsim.records import Count, Stock
from demandsim.results.measure import Measure, bands, flow, measure, ratio, share
from demandsim.vocabulary import Judgement

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
        "places per year",
        "placements",
        lambda year: year.count(Count.PLACES_CLOSED),
        "Places in children's homes judged inadequate that close",
    ),
]

"""Measures of partners, of assessment and of inspection: who helps and sees, what is missed, how practice is judged."""

from __future__ import annotations

from demandsim.records import JUDGEMENTS, NEGLECTED, Count, Stock
from demandsim.results.measure import Measure, Quantity, flow, measure, ratio, share
from demandsim.results.measures_of_harm import HELP_UNIT
from demandsim.results.year import Array, Year

_EVERY_FINDING = [Count.FOUND + place for place in range(len(JUDGEMENTS))]
_EVERY_JUDGEMENT = [Stock.JUDGED + place for place in range(len(JUDGEMENTS))]
#: Names of measures, in the order of `NEGLECTED` and of `JUDGEMENTS`.
_KINDS, _JUDGED = ("other", "neglect"), ("good", "requires_improvement", "inadequate")


def _authorities(year: Year) -> Array:
    return year.stock(*_EVERY_JUDGEMENT)


def _unprotected(place: int) -> list[Measure]:
    """Return the measures of one kind of need: how many are left without protection, and for how long."""
    kind, label = _KINDS[place], NEGLECTED[place]
    months, protected = Count.PROTECTED_MONTHS + place, Count.PROTECTED + place
    return [
        measure(
            f"unprotected_{kind}",
            f"Left without protection: {label}",
            Quantity.AMOUNT,
            "child-months",
            "protection",
            lambda year: year.count(Count.UNPROTECTED + place),
            "Child-months at home above the severity that an enquiry asks for, without a child protection plan",
        ),
        measure(
            f"months_until_protected_{kind}",
            f"Months until protection: {label}",
            Quantity.RATE,
            "months",
            "protection",
            lambda year: ratio(year.count(months), year.count(protected), 1.0),
            "Mean months above that severity before a plan or care, of children who come to either",
        ),
        share(
            f"protected_late_{kind}",
            f"Left too long without protection: {label}",
            "children protected",
            "protection",
            Count.PROTECTED_LATE + place,
            protected,
            "Of those children, after more than three months: the limits of an assessment and a conference together",
        ),
    ]


def _judged(place: int) -> Measure:
    return measure(
        f"judged_{_JUDGED[place]}",
        f"Judged: {JUDGEMENTS[place]}",
        Quantity.SHARE,
        "% of authorities",
        "inspection",
        lambda year: ratio(year.stock(Stock.JUDGED + place), _authorities(year)),
        "By the last inspection before 31 March; one of inadequate stands for a shorter time",
    )


def _found(place: int) -> Measure:
    return measure(
        f"found_{_JUDGED[place]}",
        f"Found: {JUDGEMENTS[place]}",
        Quantity.SHARE,
        "% of inspections",
        "inspection",
        lambda year: ratio(year.count(Count.FOUND + place), year.count(*_EVERY_FINDING)),
        "By the inspections of the year (report, paragraph 20)",
    )


PRACTICE: list[Measure] = [
    share(
        "contacts_from_partners",
        "Contacts from partners",
        "contacts",
        "partners",
        Count.CONTACT_PARTNERS,
        Count.CONTACT,
        "By schools, education, health, housing, police and courts (table C5, of referrals)",
    ),
    share(
        "help_by_partners",
        "Early help by partners",
        "what early help does",
        "partners",
        Count.EARLY_HELP_PARTNERS,
        Count.EARLY_HELP_DOSE,
        "Of what early help took off severity in the year, the part that partners did; the council did the rest",
    ),
    measure(
        "early_help_delivered",
        "Help delivered by early help",
        Quantity.RATE,
        HELP_UNIT,
        "partners",
        lambda year: year.count(Count.EARLY_HELP_DOSE),
        "What early help took off severity in the year, summed over children",
    ),
    *_unprotected(0),
    *_unprotected(1),
    *(_found(place) for place in range(len(JUDGEMENTS))),
    *(_judged(place) for place in range(len(JUDGEMENTS))),
    measure(
        "practice",
        "Quality of practice",
        Quantity.RATE,
        "standard deviations",
        "inspection",
        lambda year: ratio(year.stock(Stock.PRACTICE), _authorities(year), 1.0),
        "Latent quality on 31 March, against the mean of authorities in 2013-14",
    ),
    flow("inspections", "Inspections", "inspection", *_EVERY_FINDING, definition="Of authorities, in the year"),
    measure(
        "director_changed",
        "Changed director of children's services",
        Quantity.SHARE,
        "% of authorities",
        "inspection",
        lambda year: ratio(year.count(Count.DIRECTOR_YEAR), _authorities(year)),
        "At least once in the year (report, paragraph 109)",
    ),
    measure(
        "months_to_improve",
        "Months to improve from inadequate",
        Quantity.RATE,
        "months",
        "inspection",
        lambda year: ratio(year.count(Count.IMPROVED_MONTHS), year.count(Count.IMPROVED), 1.0),
        "From the first judgement of inadequate to the inspection that found better, of those found better in the year",
    ),
]

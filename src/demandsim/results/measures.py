"""From what the model recorded to what the returns publish: every measure, defined once.

A measure is a number for one financial year and one replication. Counts can be scaled to England; shares can't. The
recorded tables are all this needs, so old results can still be measured and plotted without the model.
"""

from __future__ import annotations

from demandsim.results.measure import Measure
from demandsim.results.measures_of_care import CARE
from demandsim.results.measures_of_harm import HARM
from demandsim.results.measures_of_need import NEED
from demandsim.results.measures_of_placements import PLACEMENTS
from demandsim.results.measures_of_practice import PRACTICE
from demandsim.results.measures_of_resources import GROWTH, SPEND, WORKFORCE

MEASURES: dict[str, Measure] = {
    one.id: one for one in (*NEED, *CARE, *PLACEMENTS, *HARM, *PRACTICE, *WORKFORCE, *SPEND, *GROWTH)
}
#: What each is called in words.
LABELS = {name: measure.label for name, measure in MEASURES.items()}


def headline_measures() -> list[Measure]:
    return [measure for measure in MEASURES.values() if measure.headline]

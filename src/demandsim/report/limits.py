"""What no result of the model can tell, said in every report. The page docs/limits.md says more of each."""

from __future__ import annotations

LIMITS = (
    "It is no forecast. It says what follows from what is assumed, beside a reference in which practice stays.",
    "The baseline is no real authority. It is England divided by 152 unless a scenario says otherwise.",
    "It says nothing of one child or family. Every child in it is made from published totals and random draws.",
    "Whether help works is an input. Trials of early help conflict, and ordinary casework has had no trial.",
    "Nobody counts harm. Exposure to serious harm is modelled from severity: compare it, and don't count by it.",
    "Hours for each activity, and what high workload does, are judgements. They decide every staffing result.",
    "Need that nobody reports lies outside. Children are known from their first contact.",
    "Intervals hold what they name, given the model. How wrong the model itself is, no interval says.",
    "What happens after the last simulated year is not known, payback included.",
)

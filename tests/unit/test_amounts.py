"""Numbers on the command line are taken as people write them, and what to write is said of the others."""

from __future__ import annotations

import click
import pytest

from demandsim.cli.amounts import Amount
from demandsim.cli.compare import care_year_option, discount_option

RATE, VALUE = (
    option(lambda: None).__click_params__[0].type  # type: ignore[attr-defined]
    for option in (discount_option, care_year_option)
)


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        (RATE, "3.5%", 3.5),
        (RATE, "3.5", 3.5),
        (VALUE, "\u00a350000", 50_000),
        (VALUE, "\u00a350,000.50", 50_000.5),
        (VALUE, "1,250,000", 1_250_000),
    ],
)
def test_signs_and_commas_are_taken(kind: Amount, text: str, number: float) -> None:
    assert kind.convert(text, None, None) == number


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (RATE, "3,5", "write 3.5 or 3.5%"),
        (RATE, "\u00a33", "write 3.5 or 3.5%"),
        (RATE, "21%", "0<=x<=20"),
        (VALUE, "50k", "write 50000 or \u00a350,000"),
        (VALUE, "5,00", "write 50000 or \u00a350,000"),
        (VALUE, "20%", "write 50000 or \u00a350,000"),
        (VALUE, "nan", "write 50000 or \u00a350,000"),
    ],
)
def test_what_is_no_number_is_told_with_what_to_write(kind: Amount, text: str, said: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        kind.convert(text, None, None)
    assert said in str(caught.value)

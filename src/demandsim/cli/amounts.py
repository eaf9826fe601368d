"""Numbers on the command line, as people write them: 3.5%, £50,000, 81,000."""

from __future__ import annotations

from typing import Any

import click


class Amount(click.FloatRange):
    """A number in a range, which may have a pound sign and commas between thousands; or a per cent sign.

    Attributes:
        percent: whether it is a percentage.
        example: of what to write.
    """

    def __init__(self, low: float, high: float | None = None, *, percent: bool = False, example: str) -> None:
        super().__init__(low, high)
        self.percent, self.example = percent, example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(self._number(value, param, ctx) if isinstance(value, str) else value, param, ctx)

    def _number(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> float:
        from demandsim.text_files import number_in

        plain = text.strip()
        plain = plain.removesuffix("%") if self.percent else plain.removeprefix("£")
        number = number_in(plain, commas=not self.percent)
        if number != number:
            self.fail(f"{text!r} is not a number that can be read: write {self.example}.", param, ctx)
        return number

"""The shape of a scenario file. Field descriptions are the published documentation of the format."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
#: Names stand for an order: of the brakes, the one pulled first comes first.
Names = Annotated[list[str], Field(min_length=1)]
Value = Number | Annotated[list[Number], Field(min_length=1)] | Names


class Role(StrEnum):
    """What a parameter is to the person asking."""

    LEVER = "lever"
    UNCERTAINTY = "uncertainty"
    POLICY = "policy"


class Basis(StrEnum):
    """How a value is known."""

    PUBLISHED = "published"
    DERIVED = "derived"
    FITTED = "fitted"
    JUDGEMENT = "judgement"


class Payer(StrEnum):
    """What pays for a lever that costs money, if it is not additional."""

    BUDGET = "budget"
    POSTS = "workforce.posts"
    PREVENTION = "budget.prevention"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


#: The format of scenario files and ensembles that this version reads and writes.
FORMAT = 2


class Header(_Strict):
    """The `[scenario]` table."""

    format: int | None = Field(
        default=None, strict=True, description="Number of the format, 2: files of another are refused."
    )
    title: str = Field(min_length=1, description="One line, used as the heading of tables and pictures.")
    why: str = Field(default="", description="A paragraph: what the scenario asks, and what to look for.")
    extends: str | None = Field(default=None, description="The scenario this one changes: a file, or a shipped name.")
    start: date | None = Field(default=None, description="The first day, the first of April of a year.")
    years: int | None = Field(default=None, ge=1, le=30, description="Years to simulate from the start.")

    @field_validator("format")
    @classmethod
    def _this_format(cls, given: int | None) -> int | None:
        if given not in (None, FORMAT):
            raise ValueError(
                f"{FORMAT}, the format that this version of demandsim reads; CHANGELOG.md says how to move"
            )
        return given


class Declaration(_Strict):
    """A `[parameter."name"]` table: a parameter declared in full, as the baseline does for every one."""

    value: Value = Field(description="The value, or a list of values in the order `demandsim explain` shows.")
    unit: str = Field(description="Must be the unit the model reads; a check, so that nobody enters weeks for days.")
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        default=None, description="Low and high end of what is plausible; sweeps and calibration stay inside."
    )
    role: Role = Field(description="lever, uncertainty or policy.")
    basis: Basis = Field(description="published, derived, fitted or judgement.")
    source: str = Field(min_length=1, description="Where the value comes from; for a judgement, why this one.")


class Change(_Strict):
    """A `[set."name"]` table: one parameter given another value, and why."""

    value: Value | None = Field(default=None, description="The new value.")
    times: Number | None = Field(default=None, description="The inherited value is multiplied by this.")
    path: Annotated[list[tuple[date, Number]], Field(min_length=1)] | None = Field(
        default=None, description="Dates and values: straight lines between them, level after the last."
    )
    paid_by: Payer | None = Field(
        default=None,
        description="For posts and prevention: budget (found within what there is), or the other of the two, which "
        "changes by as much money the other way. Additional money unless given.",
    )
    basis: Basis = Field(default=Basis.JUDGEMENT, description="As in a declaration; a what-if is a judgement.")
    because: str = Field(min_length=1, description="Why, in words a reader of the result can judge.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(given is not None for given in (self.value, self.times, self.path)) != 1:
            raise ValueError("exactly one of value, times and path")
        return self


class ScenarioFile(_Strict):
    """A whole file."""

    scenario: Header
    parameter: dict[str, Declaration] = Field(default_factory=dict)
    set: dict[str, Change] = Field(default_factory=dict)

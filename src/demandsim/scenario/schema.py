"""The shape of a scenario file. Field descriptions are the published documentation of the format."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, Self
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    field_validator,
    model_validator,
)

#: Years that a run may have; a forecast that far ahead is none.
MOST_YEARS = 30
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _number(given: Any) -> float:
    """Return a number as it stands: no text, no truth value, and one that can be counted with."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        try:
            if isfinite(number := float(given)):
                return number
        except OverflowError:
            pass
    raise ValueError("a number")


def _value(given: Any) -> float | list[float] | list[str]:
    """Return a number, a list of numbers, or a list of names. One mistake is one problem, so this is no union."""
    if isinstance(given, list):
        if given and all(isinstance(item, str) for item in given):
            return [str(item) for item in given]
        try:
            if given:
                return [_number(item) for item in given]
        except ValueError:
            pass
        raise ValueError("a list of numbers, one or more")
    try:
        return _number(given)
    except ValueError:
        raise ValueError("a number, or a list of numbers") from None


def _day(given: Any) -> date:
    """Return a date as TOML has it, or as text; no moment, and no number of seconds."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if isinstance(given, str) and _ISO_DAY.fullmatch(given):
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    raise ValueError("a date, as 2013-04-01")


def _plain(text: str) -> str:
    if any(category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text):
        raise ValueError("text without control characters")
    return text


def _one_line(text: str) -> str:
    if not text.strip() or any(category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
        raise ValueError("a line of text, without control characters")
    return text


Number = Annotated[float, PlainValidator(_number)]
#: Names stand for an order: of spending controls, the one applied first comes first.
Value = Annotated[float | list[float] | list[str], PlainValidator(_value)]
Day = Annotated[date, BeforeValidator(_day)]
Text = Annotated[str, Field(strict=True, max_length=10_000), AfterValidator(_plain)]


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
    LOCAL = "local"


class Payer(StrEnum):
    """What pays for a lever that costs money, if it is not additional."""

    BUDGET = "budget"
    POSTS = "workforce.posts"
    PREVENTION = "prevention.targeted"


def _not_local(basis: Basis) -> Basis:
    if basis == Basis.LOCAL:
        raise ValueError('published, derived, fitted or judgement; what your own records show stands in [local."name"]')
    return basis


#: How a value is known that is no finding of the authority's own records.
GeneralBasis = Annotated[Basis, AfterValidator(_not_local)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


#: The format of scenario files and ensembles that this version reads and writes.
FORMAT = 2


class Header(_Strict):
    """The `[scenario]` table."""

    format: int | None = Field(
        default=None, strict=True, description="Number of the format, 2: files of another are refused."
    )
    title: Annotated[str, AfterValidator(_one_line)] = Field(
        strict=True, max_length=1000, description="One line, used as the heading of tables and pictures."
    )
    why: Text = Field(default="", description="A paragraph: what the scenario asks, and what to look for.")
    extends: Text | None = Field(default=None, description="The scenario this one changes: a file, or a shipped name.")
    ensemble: Text | None = Field(
        default=None,
        description="CSV of posterior draws for this scenario and what extends it, as `demandsim calibrate` writes it. "
        "Not needed if it lies beside NAME.toml as NAME_ensemble.csv.",
    )
    targets: Text | None = Field(
        default=None,
        description="CSV of figures that this scenario, and what extends it, is fitted to and set beside, as "
        "`demandsim localise` writes it. England's, which ship, unless given.",
    )
    start: Day | None = Field(default=None, description="The first day, the first of April of a year.")
    years: int | None = Field(
        default=None, strict=True, ge=1, le=MOST_YEARS, description="Years to simulate from the start."
    )
    paths_until: Day | None = Field(
        default=None, description="The last day that a path may name, if that is after the years to simulate."
    )

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
    basis: GeneralBasis = Field(description="published, derived, fitted or judgement.")
    source: Text = Field(min_length=1, description="Where the value comes from; for a judgement, why this one.")


class Change(_Strict):
    """A `[set."name"]` table: one parameter given another value, and why."""

    value: Value | None = Field(default=None, description="The new value; with a path, the one before it begins.")
    times: Number | None = Field(default=None, description="The inherited value is multiplied by this.")
    path: Annotated[list[tuple[Day, Number]], Field(min_length=1, max_length=1000)] | None = Field(
        default=None, description="Dates and values: straight lines between them, level after the last."
    )
    since: Annotated[Day | None, Field(alias="from")] = Field(
        default=None, description="The day from which the value holds; the one before it until then."
    )
    paid_by: Payer | None = Field(
        default=None,
        description="For posts and prevention: budget (found within what there is), or the other of the two, which "
        "changes by as much money the other way. Additional money unless given.",
    )
    basis: GeneralBasis = Field(default=Basis.JUDGEMENT, description="As in a declaration; a what-if is a judgement.")
    because: Text = Field(min_length=1, description="Why, in words a reader of the result can judge.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in ("value", "times", "path") if getattr(self, name) is not None]
        if len(given) != 1 and given != ["value", "path"]:
            raise ValueError("exactly one of value, times and path; or value and path, if it is another one before")
        if self.since is not None and given != ["value"]:
            raise ValueError("from beside a value alone: a path has dates of its own, and times holds from the start")
        return self


class Local(_Strict):
    """A `[local."name"]` table: what the authority's own records show. It holds in the years before the start too."""

    value: Value = Field(description="The value, or a list of values in the order `demandsim explain` shows.")
    unit: str = Field(description="Must be the unit the model reads, as in a declaration.")
    file: Text = Field(min_length=1, description="The file, or files, that it was counted from.")
    sha256: Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")] = Field(
        description="Checksum of that file; of several, of their checksums."
    )
    rule: Text = Field(min_length=1, description="How it was counted.")
    records: int = Field(strict=True, ge=0, description="So many records it rests on, about.")
    approximate: bool = Field(
        default=False,
        strict=True,
        description="A first approximation: fitted with --free, it starts from the value that it replaces.",
    )
    repriced: bool = Field(
        default=False,
        strict=True,
        description="England's value in prices of another year: no record of the authority's own.",
    )
    circular: list[Text] = Field(
        default_factory=list,
        description="Ids of targets that are the very figure it was counted from: agreement with them shows nothing.",
    )


class ScenarioFile(_Strict):
    """A whole file."""

    scenario: Header
    parameter: dict[str, Declaration] = Field(default_factory=dict)
    local: dict[str, Local] = Field(default_factory=dict)
    set: dict[str, Change] = Field(default_factory=dict)

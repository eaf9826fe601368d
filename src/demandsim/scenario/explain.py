"""Where a value came from, in words."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from statistics import quantiles

from demandsim.evidence import effects, register, targets
from demandsim.evidence.places import places
from demandsim.problems import UserError
from demandsim.scenario.draws_from import draws_of
from demandsim.scenario.files import shipped
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.replaced import not_a_parameter
from demandsim.scenario.scenario import Scenario, Setting
from demandsim.scenario.sets_of_values import Ensemble

_REFERENCE = re.compile(r"\b([RODKPV]\d{3}|T\d{2})\b")


def explain_scenario(scenario: Scenario) -> str:
    """Return what a scenario asks, what it changes, and what its values rest on."""
    bases = Counter(basis_of(setting) for setting in scenario.settings.values())
    groups = Counter(PARAMETERS[name].group for name in scenario.settings)
    lines = [
        scenario.title,
        *textwrap.wrap(" ".join(scenario.why.split()), 100),
        "",
        f"From {scenario.start} for {scenario.years} years. Read from: {', then '.join(scenario.lineage)}",
        f"{len(scenario.settings)} parameters: "
        + ", ".join(f"{count} {basis}" for basis, count in bases.most_common())
        + ". A judgement is a number nobody published.",
    ]
    changes = scenario.changes()
    if changes:
        lines += ["", "It changes:"]
        for name, setting in changes.items():
            assert setting.before is not None
            lines.append(f"  {name}: {value_text(setting.before)} -> {value_text(setting)} {setting.unit}")
            why = "local:" if setting.local else "because"
            lines.append(f"      {why} {setting.source} ({setting.file})")
    lines += ["", "Groups: " + ", ".join(groups), f"Next:  demandsim explain {scenario.name} GROUP or PARAMETER"]
    return "\n".join(lines)


def explain_parameter(scenario: Scenario, name: str) -> str:
    """Return everything known about one parameter, or about each of a group.

    Raises:
        UserError: neither a parameter nor a group is called so.
    """
    names = [name] if name in PARAMETERS else [other for other in PARAMETERS if other.startswith(name + ".")]
    if not names:
        groups = {parameter.group for parameter in PARAMETERS.values()}
        hint = f"demandsim explain {scenario.name}"
        expected = "the name of a parameter or of a group, or words of a name, a meaning or a source"
        raise UserError(not_a_parameter("explain", name, name, hint, [*PARAMETERS, *groups], expected))
    try:
        draws = draws_of(scenario)
    except UserError:
        draws = None  # `check` says what is wrong with them; a value is explained all the same
    return "\n\n".join(_one(scenario.settings[each], each, draws) for each in names)


def search(scenario: Scenario, words: str) -> list[str]:
    """Return the parameters that have all the words in their name, meaning or source, those by name first."""
    wanted = words.lower().replace("_", " ").split()
    found = [name for name in PARAMETERS if all(word in _all_of(scenario, name) for word in wanted)]
    return sorted(found, key=lambda name: not all(word in _named(name) for word in wanted))


def _named(name: str) -> str:
    parameter = PARAMETERS[name]
    return f"{name} {name.replace('_', ' ')} {parameter.meaning} {' '.join(parameter.columns)}".lower()


def _all_of(scenario: Scenario, name: str) -> str:
    sources, step = [], scenario.settings[name]
    while step:
        sources.append(step.source)
        if step.before is None:
            break
        step = step.before
    return " ".join([_named(name), *sources, *references(sources[-1])]).lower()


def _one(setting: Setting, name: str, draws: Ensemble | None) -> str:
    parameter = PARAMETERS[name]
    lines = [f"{name} = {value_text(setting)} {setting.unit}", f"  {parameter.meaning}"]
    if parameter.columns:
        lines.append("  in order: " + ", ".join(parameter.columns))
    plausible = f"{setting.range[0]:g} to {setting.range[1]:g}" if setting.range else "none given"
    lines += [
        f"  range   {plausible}   (possible: {parameter.low:g} to {parameter.high:g})",
        *_drawn(setting, name, draws),
        f"  role    {setting.role}",
        f"  basis   {basis_of(setting)}",
    ]
    step: Setting | None = setting
    while step is not None:
        if step.before is None:
            lines.append(f"  source  {step.source}")
            lines.append(f"  in      {step.file}")
        else:
            lines += _changed(step)
        step = step.before
    lines += [f"          {text}" for text in references(setting.declared.source)]
    if setting.declared.file == str(shipped()["baseline"]) and name in places():
        lines += places()[name].lines()
    return "\n".join(lines)


def _drawn(setting: Setting, name: str, draws: Ensemble | None) -> list[str]:
    """Return within what nine in ten posterior draws of each number lie: how well a value is known."""
    if draws is None or setting.stands:
        return []
    columns = len(PARAMETERS[name].columns)
    keys = [f"{name}[{place}]" for place in range(columns)] if columns else [name]
    drawn = [draws.of(key) for key in keys]
    spans = ", ".join(_span(values) for values in drawn)
    return [f"  drawn   {spans}   (nine in ten posterior draws)"] if any(drawn) else []


def _span(values: tuple[float, ...]) -> str:
    if not values:
        return "not drawn"
    low, *_, high = quantiles(values, n=20, method="inclusive")
    return f"{low:.3g} to {high:.3g}"


def _changed(step: Setting) -> list[str]:
    """Return what a file or the command line gave a parameter, and why."""
    if step.local is None:
        return [f"  set to  {value_text(step)} in {step.file}: {step.source}"]
    local = step.local
    return [
        f"  local   {value_text(step)} in {step.file}; it holds before the start too",
        f"  rule    {local.rule}",
        f"  from    {local.file}, about {local.records:,} records",
        f"  sha256  {local.sha256}",
    ]


def basis_of(setting: Setting) -> str:
    """Return how a value is known, in words: one whose prices alone were moved is no record of the authority's own."""
    return "England's, in other prices" if setting.local and setting.local.repriced else str(setting.basis)


def references(source: str) -> list[str]:
    """Return what the register or the targets say of each figure a source names."""
    found = []
    held = {target.id: target for target in targets()}
    for key in dict.fromkeys(_REFERENCE.findall(source)):
        if key in held:
            found.append(f"{key}: target {held[key].value:g} ({held[key].measure}), {held[key].source}")
        elif key in register():
            figure = register()[key]
            found.append(f"{key}: {figure.quantity}: {figure.value} {figure.unit}, {figure.period}; {figure.source}")
        elif key in effects():
            effect = effects()[key]
            of = f"{effect.value} {effect.unit}, {effect.population}"
            found.append(f"{key}: {effect.quantity}: {of}; {effect.source}")
    return found


def value_text(setting: Setting) -> str:
    """Return a value as people read it, its path if it moves."""
    if setting.path:
        return ", then ".join(f"{value:g} on {day}" for day, value in setting.path)
    if isinstance(setting.value, tuple):
        since = f" from {setting.since}" if setting.since else ""
        return "[" + ", ".join(f"{number:.4g}" for number in setting.value) + "]" + since
    return f"{setting.value:.6g}"

"""A scenario written out in full: a file that, given back, makes the same run."""

from __future__ import annotations

from demandsim.scenario.scenario import Scenario, Setting
from demandsim.scenario.schema import FORMAT

#: The ensemble of a run, beside its scenario.
ENSEMBLE_FILE = "ensemble.csv"
_BESIDE = f"# Give it --ensemble {ENSEMBLE_FILE}, which is beside it: replications draw what is uncertain from there."


def resolved_toml(scenario: Scenario) -> str:
    """Return the scenario as TOML: every parameter declared, then what it changes, each with its provenance."""
    lines = [
        "# Written by demandsim: every value of the run, and where each came from. It can be run again as it is.",
        *([_BESIDE] if scenario.ensemble else []),
        "",
        "[scenario]",
        f"format = {FORMAT}",
        f"title = {quoted(scenario.title)}",
        f"why = {quoted(scenario.why)}",
        f"start = {scenario.start.isoformat()}",
        f"years = {scenario.years}",
    ]
    for name, setting in scenario.settings.items():
        declared = setting.declared
        lines += [
            "",
            f'[parameter."{name}"]',
            f"value = {number_text(declared.value)}",
            f"unit = {quoted(declared.unit)}",
        ]
        if declared.range:
            lines.append(f"range = {number_text(declared.range)}")
        lines += [f'role = "{declared.role}"', f'basis = "{declared.basis}"', f"source = {quoted(declared.source)}"]
    for name, setting in scenario.changes().items():
        lines += [
            "",
            f'[set."{name}"]',
            _new_value(setting),
            *(['paid_by = "budget"'] if setting.within_budget else []),
            f'basis = "{setting.basis}"',
            f"because = {quoted(setting.source)}",
        ]
    return "\n".join(lines) + "\n"


def _new_value(setting: Setting) -> str:
    if setting.path:
        points = ", ".join(f"[{day.isoformat()}, {value!r}]" for day, value in setting.path)
        return f"path = [{points}]"
    return f"value = {number_text(setting.value)}"


def number_text(value: float | tuple[float, ...]) -> str:
    """Return a value as TOML writes it, with every digit that matters."""
    if isinstance(value, tuple):
        return "[" + ", ".join(repr(number) for number in value) + "]"
    return repr(value)


def quoted(text: str) -> str:
    """Return text as a TOML string on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'

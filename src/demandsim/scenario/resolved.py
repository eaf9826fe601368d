"""A scenario written out in full: a file that, given back, makes the same run."""

from __future__ import annotations

from demandsim.evidence import TARGETS_FILE
from demandsim.scenario.scenario import Scenario, Setting
from demandsim.scenario.schema import FORMAT, Local

#: Name of the scenario of a run, in its folder.
RESOLVED = "resolved"
#: The ensemble of a run, beside its scenario.
ENSEMBLE_FILE = "ensemble.csv"
#: What TOML allows in a string only by its number, and what has a meaning there.
_ESCAPES = {number: f"\\u{number:04x}" for number in (*range(32), 127)}
_ESCAPES |= {ord(character): "\\" + letter for character, letter in zip('"\\\n\t', '"\\nt', strict=True)}
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
        *([f"targets = {quoted(TARGETS_FILE)}"] if scenario.targets_from else []),
        *_beyond(scenario),
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
        if found := setting.last_local:
            lines += _local(name, found)
        if setting is found:
            continue
        lines += [
            "",
            f'[set."{name}"]',
            _new_value(setting),
            *(['paid_by = "budget"'] if setting.within_budget else []),
            f'basis = "{setting.basis}"',
            f"because = {quoted(setting.source)}",
        ]
    return "\n".join(lines) + "\n"


def _local(name: str, setting: Setting) -> list[str]:
    assert setting.local is not None
    return ["", *local_table(name, setting.value, setting.local)]


def local_table(name: str, value: float | tuple[float, ...], given: Local) -> list[str]:
    """Return the lines of a `[local."name"]` table.

    Args:
        name: of the parameter.
        value: as the model takes it.
        given: the rest of the table.
    """
    return [
        f'[local."{name}"]',
        f"value = {number_text(value)}",
        f"unit = {quoted(given.unit)}",
        f"file = {quoted(given.file)}",
        f'sha256 = "{given.sha256}"',
        f"rule = {quoted(given.rule)}",
        f"records = {given.records}",
        *(["approximate = true"] if given.approximate else []),
        *(["repriced = true"] if given.repriced else []),
        *([f"circular = [{', '.join(map(quoted, given.circular))}]"] if given.circular else []),
    ]


def _beyond(scenario: Scenario) -> list[str]:
    """Return how far paths go, if that is further than the run, as when it was given fewer years."""
    moves = (*scenario.paths().values(), *scenario.later().values())
    last = max((day for points in moves for day, _ in points), default=scenario.start)
    end = scenario.start.replace(year=scenario.start.year + scenario.years)
    return [f"paths_until = {last.isoformat()}"] if last > end else []


def _new_value(setting: Setting) -> str:
    if setting.path:
        points = ", ".join(f"[{day.isoformat()}, {value!r}]" for day, value in setting.path)
        beneath = setting.last_local or setting.declared
        before = [] if setting.value == beneath.value else [f"value = {number_text(setting.value)}"]
        return "\n".join([*before, f"path = [{points}]"])
    since = [f"from = {setting.since.isoformat()}"] if setting.since else []
    return "\n".join([f"value = {number_text(setting.value)}", *since])


def number_text(value: float | tuple[float, ...]) -> str:
    """Return a value as TOML writes it, with every digit that matters."""
    if isinstance(value, tuple):
        return "[" + ", ".join(repr(number) for number in value) + "]"
    return repr(value)


def quoted(text: str) -> str:
    """Return text as a TOML string on one line: control characters by their numbers."""
    # What came from a command line in another encoding may hold halves of characters, which no file can.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return f'"{whole.translate(_ESCAPES)}"'

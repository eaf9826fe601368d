"""Write the pages of docs/reference from the code. Run it after changing words, parameters, measures or commands.

python tools/reference.py          write the pages
python tools/reference.py --check  only say whether they are as the code has them
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["COLUMNS"] = "100"

from click.testing import CliRunner

from demandsim import vocabulary
from demandsim.cli.main import COMMANDS, main
from demandsim.pathway import BOXES, FLOWS
from demandsim.records import SpellEnd, SpellKind
from demandsim.results.measures import MEASURES
from demandsim.scenario.explain import value_text
from demandsim.scenario.parameters import PARAMETERS
from demandsim.scenario.read import read_scenario

PAGES = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py from the code; edit that, not this. -->\n"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def table(headings: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "| " + " | ".join("---" for _ in headings) + " |"]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def glossary() -> str:
    kinds = (
        ("States", vocabulary.State),
        ("Placements", vocabulary.Placement),
        ("Ways of leaving care", vocabulary.LeavingRoute),
        ("Legal basis of care", vocabulary.LegalRoute),
        ("Tiers of prevention", vocabulary.Tier),
        ("Primary need", vocabulary.Need),
        ("Source of a contact", vocabulary.Source),
        ("Activity of care leavers at 19", vocabulary.LeaverActivity),
        ("Lines of spend", vocabulary.SpendLine),
        ("Kinds of spells", SpellKind),
        ("How spells end", SpellEnd),
    )
    parts = [
        "# Glossary\n",
        NOTE,
        "The words of the model and of its tables. They are those of the Department for Education's returns: the "
        "children in need census, SSDA903 for looked after children, and the Section 251 outturn.\n",
    ]
    for title, kind in kinds:
        parts.append(f"## {title}\n")
        parts.append(table(["term", "meaning"], [[word.label, word.meaning] for word in kind.words.all]))
    parts.append("## Measures\n")
    parts.append(
        "`summary.csv` has each of these for every year. *Headline* measures stand in the table that ends a run.\n"
    )
    rows = [[f"`{m.id}`", m.label, m.unit, m.definition, "yes" if m.headline else ""] for m in MEASURES.values()]
    parts.append(table(["id", "measure", "unit", "counting rule", "headline"], rows))
    parts.append("## Steps of the pathway\n")
    rows = [[BOXES[w.source], BOXES[w.target], ", ".join(f"`{p}`" for p in w.governed_by)] for w in FLOWS]
    parts.append(table(["from", "to", "governed by"], rows))
    return "\n".join(parts)


def parameters() -> str:
    baseline = read_scenario("baseline")
    parts = [
        "# Parameters\n",
        NOTE,
        "Every number the model uses, as `scenarios/baseline.toml` declares it. *Judgement* means that nobody "
        'published it and the range is ours. "Register" and "T" numbers refer to the evidence that ships with the '
        "package; "
        "`demandsim explain baseline NAME` prints what they say.\n",
    ]
    group = ""
    rows: list[list[str]] = []
    for name, parameter in PARAMETERS.items():
        if parameter.group != group:
            if rows:
                parts.append(table(_HEADINGS, rows))
            group, rows = parameter.group, []
            parts.append(f"## {group}\n")
        setting = baseline.settings[name]
        plausible = f"{setting.range[0]:g} to {setting.range[1]:g}" if setting.range else ""
        meaning = parameter.meaning + (f" ({', '.join(parameter.columns)})" if parameter.columns else "")
        rows.append(
            [
                f"`{name}`",
                meaning,
                value_text(setting),
                parameter.unit,
                plausible,
                str(setting.role),
                str(setting.basis),
                setting.source,
            ]
        )
    parts.append(table(_HEADINGS, rows))
    return "\n".join(parts)


_HEADINGS = ["parameter", "meaning", "value", "unit", "range", "role", "basis", "source"]


def commands() -> str:
    runner = CliRunner()
    parts = ["# Commands\n", NOTE]
    for arguments in [[], *([name] for name in COMMANDS)]:
        text = runner.invoke(main, [*arguments, "--help"], prog_name="demandsim").output
        parts.append(f"## {' '.join(['demandsim', *arguments])}\n\n```\n{text.rstrip()}\n```\n")
    return "\n".join(parts)


def main_() -> int:
    check = "--check" in sys.argv
    stale = []
    for name, make in (("glossary", glossary), ("parameters", parameters), ("commands", commands)):
        path, text = PAGES / f"{name}.md", make()
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(path.name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale:
        print(f"not as the code has it: {', '.join(stale)}; run: python tools/reference.py")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main_())

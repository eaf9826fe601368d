"""Pictures are files that other programs open, whatever words a user gave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from conftest import small

from demandsim.experiment.run import manifest_of
from demandsim.plots.style import Picture, save


def test_a_title_of_any_characters_makes_a_picture_that_is_xml(tmp_path: Path) -> None:
    scenario = replace(small(), title="Bell \x07, escape \x1b[31m, no character \ufffe, $5 and $\\frac$")
    picture = Picture("words", "A title \x00", "A note \x1f", (4, 3), lambda figure: None, [])
    stem = save(picture, tmp_path, manifest_of(scenario, 1, 1, False))[0].with_suffix("")
    text = "".join(ElementTree.parse(stem.with_suffix(".svg")).getroot().itertext())
    assert "\x1b" not in text
    assert manifest_of(scenario, 1, 1, False).title.startswith("Bell , escape [31m, no character , $5")

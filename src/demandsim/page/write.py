"""Put a page into one HTML file that needs nothing else and lets nothing in or out."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from demandsim.page.content import content
from demandsim.page.make import Made

_SCRIPTS = ("emulator.js", "words.js", "page.js")


def page_html(made: Made, command: str, serve: str = "") -> str:
    """Return a page as HTML.

    Args:
        made: the page.
        command: that makes it.
        serve: token of the server that it may ask to simulate; empty for a file.
    """
    filled = content(made, command, serve)
    style, script = _text("page.css"), "".join(_text(name) for name in _SCRIPTS)
    filled |= {
        "model": _as_data(filled["model"]),
        "style": Markup(style),
        "script": Markup(script),
        "policy": _policy(style, script, bool(serve)),
    }
    return environment().get_template("page.html").render(filled)


def environment() -> Environment:
    """Return what fills the templates: everything is escaped, and nothing may be missing."""
    return Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _text(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def _as_data(value: Any) -> Markup:
    """Return JSON that can't end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)


def _policy(style: str, script: str, serve: bool) -> str:
    """Return what a browser is to allow: this style and this script, and of the network nothing but the server."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",
            f"connect-src {chr(39)}self{chr(39)}" if serve else "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"

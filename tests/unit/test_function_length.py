"""No function of the package is longer than a page."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conftest import ROOT

#: Lines of a function, its decorators and its docstring left out.
MOST_LINES = 40
MODULES = sorted((ROOT / "src" / "demandsim").rglob("*.py"))


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Yield each function of a module, of its classes and of its functions, with its lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            lines = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node) is not None:
                docstring = node.body[0]
                assert docstring.end_lineno is not None
                lines -= docstring.end_lineno - docstring.lineno + 1
            yield node.name, lines


def test_no_function_is_long() -> None:
    long = [
        f"{module.relative_to(ROOT)}: {name} has {lines} lines"
        for module in MODULES
        for name, lines in functions(module.read_text(encoding="utf-8"))
        if lines > MOST_LINES
    ]
    assert not long


def test_lines_are_counted_without_the_docstring() -> None:
    text = 'class Some:\n    def method(self):\n        """Say.\n\n        More.\n        """\n        return 1\n'
    assert list(functions(text)) == [("method", 2)]
    assert len(MODULES) > 200

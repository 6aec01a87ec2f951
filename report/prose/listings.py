"""Listings of the project's own code, read from its files when the report is built."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer
from pygments.lexers.special import TextLexer

from analysis.errors import ReportError, reading
from report.prose.locations import Misplaced, unknown


@dataclass(frozen=True)
class Listing:
    """Lines `first` to `last` of a file, as text and as highlighted HTML."""

    path: str
    name: str
    first: int
    last: int
    source: str

    def html(self) -> str:
        """Return the listing with a caption that says which lines of which file it shows."""
        formatter = HtmlFormatter(nowrap=True)
        lexer = PythonLexer() if self.path.endswith(".py") else TextLexer()
        code = highlight(self.source, lexer, formatter).rstrip("\n")
        where = f"<code>{self.path}</code>, lines {self.first}–{self.last}"
        return (
            f'<figure class="listing"><figcaption>{where}</figcaption>'
            f'<div class="highlight"><pre tabindex="0"><code>{code}</code></pre></div></figure>'
        )


@cache
def _definitions(path: Path, text: str) -> dict[str, tuple[int, int]]:
    """Return the lines of each function, class and assigned name at module level, and methods."""
    found: dict[str, tuple[int, int]] = {}
    for node in ast.parse(text, str(path)).body:
        for name in _names(node):
            found[name] = _lines(node)
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                for name in _names(inner):
                    found[f"{node.name}.{name}"] = _lines(inner)
    return found


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _lines(node: ast.stmt) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return first, node.end_lineno or node.lineno


def imports(root: Path, path: str) -> Listing | None:
    """Return the imports at the head of a Python file, from the first to the last; None for none.

    Raises ReportError as `read` does.
    """
    whole = read(root, path)
    found = [
        _lines(node)
        for node in ast.parse(whole.source, path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    if not found:
        return None
    first, last = found[0][0], found[-1][1]
    lines = whole.source.splitlines()
    return Listing(path, "imports", first, last, "\n".join(lines[first - 1 : last]))


def read(root: Path, path: str, name: str | None = None) -> Listing:
    """Return a function, class, method ("Class.method") or constant of a file, or the whole file.

    Raises ReportError, with the nearest name, for a file or name that does not exist.
    """
    file = root / path
    if not file.is_file() or not file.resolve().is_relative_to(root.resolve()):
        known = [str(p.relative_to(root)) for p in root.glob("*/*.py")]
        raise unknown("file", path, known)
    text = reading.text(file, name=path, error=ReportError)
    lines = text.splitlines()
    first, last = 1, len(lines)
    if name is not None:
        if file.suffix != ".py":
            raise Misplaced(f"{path} is not Python, so {name!r} cannot be looked up in it")
        definitions = _definitions(file, text)
        if name not in definitions:
            raise unknown(f"definition in {path}:", name, list(definitions))
        first, last = definitions[name]
    return Listing(path, name or "", first, last, "\n".join(lines[first - 1 : last]))

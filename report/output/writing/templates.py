"""The templates of the pages and of the paper, checked whole before one of them is filled."""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined, meta, nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError

from analysis.errors import ReportError, reading
from report.prose.locations import in_template, unknown
from report.prose.source.derived import Derived

FOLDER = "templates"
"""What messages call the folder."""
MISTAKES = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError)
TOO_DEEP = (RecursionError, SyntaxError)
"""What Python raises for code that it made of a template and cannot read."""


class Templates(Environment):
    """Jinja whose templates are kept as Python."""

    derived: Derived

    # Jinja's own has overloads, of which those that load a template ask for this one.
    def compile(  # type: ignore[override]
        self, source: Any, name: Any = None, filename: Any = None, **_: Any
    ) -> Any:
        """Return a template as code, made by Jinja if it is not kept yet."""

        def make() -> str:
            return super(Templates, self).compile(source, name, filename, raw=True)

        return self.derived.python(filename, name, source, make=make)


def environment(folder: Path, derived: Derived | None = None) -> Templates:
    """Return the templates in a folder."""

    def load(name: str) -> tuple[str, str, Any]:
        called = f"{FOLDER}/{name}"
        return reading.text(folder / name, name=called, error=ReportError), called, lambda: True

    made = Templates(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        newline_sequence="\n",
        keep_trailing_newline=True,
    )
    made.derived = derived or Derived()
    return made


def render(made: Templates, name: str, context: Mapping[str, Any]) -> str:
    """Return a template filled with what is in the context.

    Raises ReportError, with file and line, for a template that is missing or broken, and for a name
    that none of its branches may ask for, whether it is taken or not.
    """
    try:
        _check(made, name, context, set())
        return made.get_template(name).render(**context)
    except TemplateSyntaxError as error:
        raise ReportError(f"{error.filename or name}:{error.lineno}: {error.message}") from error
    except (*MISTAKES, *TOO_DEEP) as error:
        place = in_template(error.__traceback__, lambda file: file.startswith(f"{FOLDER}/"))
        if isinstance(error, TOO_DEEP):
            where = place or f"{FOLDER}/{name}"
            raise ReportError(f"{where}: is taken in by itself, or is nested too deep") from error
        if place is None:
            raise
        raise ReportError(f"{place}: {error}") from error


def _check(made: Templates, name: str, context: Mapping[str, Any], seen: set[str]) -> None:
    """Raise ReportError for what a template, or one that it takes in, asks for in vain."""
    seen.add(name)
    assert made.loader is not None
    source, file, _ = made.loader.get_source(made, name)
    called = file or name
    asks = _asks(made, name, source, called)
    known = {*context, *made.globals, *asks.defined}
    for undeclared in sorted(asks.names.keys() - known):
        line = asks.names[undeclared]
        raise ReportError(f"{called}:{line}: {unknown('value', undeclared, sorted(known))}")
    for owner, part, line in asks.parts:
        value = None if owner in asks.defined else context.get(owner)
        if value is None or isinstance(value, Mapping) or hasattr(value, part):
            continue
        has = [each for each in dir(value) if not each.startswith("_")]
        raise ReportError(f"{called}:{line}: {unknown(f'part of {owner}:', part, has)}")
    for other in asks.others:
        if other not in seen:
            _check(made, other, context, seen)


class _Asks(NamedTuple):
    """What a template asks for.

    The names it sets itself, others with the line of each, parts of names with their lines, and the
    templates that it takes in.
    """

    defined: list[str]
    names: Mapping[str, int]
    parts: list[tuple[str, str, int]]
    others: list[str]


@functools.lru_cache(maxsize=256)
def _asks(made: Templates, name: str, source: str, called: str) -> _Asks:
    """Return what the source of a template asks for: found once, for all pages that take it in."""

    def make() -> str:
        return json.dumps(_found(made, name, source, called))

    return _Asks(*json.loads(made.derived.text("asks", name, source, make=make)))


def _found(made: Templates, name: str, source: str, called: str) -> _Asks:
    tree = made.parse(source, name, called)
    try:
        undeclared = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:  # of a filter that does not exist, without its file
        raise ReportError(f"{called}:{error.lineno}: {error.message}") from error
    named = [(each.name, each.lineno) for each in tree.find_all(nodes.Name)]
    return _Asks(
        sorted({*_defined(tree)}),
        {name: line for name, line in reversed(named) if name in undeclared},
        [
            (each.node.name if isinstance(each.node, nodes.Name) else "", each.attr, each.lineno)
            for each in tree.find_all(nodes.Getattr)
        ],
        [*filter(None, meta.find_referenced_templates(tree))],
    )


def _defined(tree: nodes.Template) -> Iterator[str]:
    """Yield the names that a template sets itself, wherever it does."""
    for each in tree.find_all((nodes.Macro, nodes.Name, nodes.FromImport, nodes.Import)):
        if isinstance(each, nodes.Macro) or (
            isinstance(each, nodes.Name) and each.ctx in {"store", "param"}
        ):
            yield each.name
        elif isinstance(each, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in each.names)
        elif isinstance(each, nodes.Import):
            yield each.target

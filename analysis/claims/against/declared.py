"""What a claim is declared to be, as a digest: another threshold changes it, a line break does not.

To a declaration belong its words and numbers, and the code that tests it: the predicate, and what
of the claims' own modules it calls or names. Comments, docstrings and types are no part of it, nor
is the statistics that it calls.
"""

import ast
import functools
import hashlib
import importlib
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from analysis.claims.deciding import Level
from analysis.claims.declaring import Declaration

WORDS = ("id", "statement", "family", "kind", "method", "unit", "experiment", "expects")
OWN = ("analysis.claims.", "analysis.statistics.level")
"""Modules whose code and constants belong to a declaration that names them."""
UNSAID = {"decorator_list", "annotation", "returns", "type_comment", "kind", "ctx"}
"""Parts of a syntax tree by which nothing is computed otherwise."""
Definitions = Mapping[str, ast.AST]


def digest_of(declared: Declaration) -> str:
    """Return the SHA-256 of a declaration, in hexadecimal."""
    margin = declared.margin
    text = json.dumps(
        {
            **{name: getattr(declared, name) for name in WORDS},
            "margin": asdict(margin) if isinstance(margin, Level) else margin,
            "test": _code(declared),
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _code(declared: Declaration) -> dict[str, Any]:
    """Return what tests a claim, by name: the predicate, and all that it leads to."""
    found: dict[str, Any] = {}
    predicate = declared.predicate
    waiting = [(predicate.__module__, predicate.__name__)]
    while waiting:
        module, name = waiting.pop()
        called = f"{module}.{name}"
        if called not in found:
            node = _definitions(module).get(name)  # none of one that stands in another function
            found[called] = spelled(node)
            waiting += _named(module, node) if node else ()
    return found


def _named(module: str, node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what of the claims' modules a piece of code names: module and name."""
    own, imported = _definitions(module), _imported(module)
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in own:
            yield module, each.id
        elif isinstance(each, ast.Name) and each.id in imported:
            source, name = imported[each.id]
            if name in _definitions(source):
                yield source, name


@functools.cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules.get(module) or importlib.import_module(module)))


@functools.cache
def _definitions(module: str) -> Definitions:
    """Return the functions and constants of a module by name; not its classes, which are types."""
    found: dict[str, ast.AST] = {}
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                found |= {
                    name.id: node.value for name in ast.walk(target) if isinstance(name, ast.Name)
                }
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


@functools.cache
def _imported(module: str) -> Mapping[str, tuple[str, str]]:
    """Return the names that a module has from the claims' own ones, as module and name there."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in _tree(module).body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(OWN)
        for alias in node.names
    }


def spelled(node: Any) -> Any:
    """Return code as plain values, the same in every version of Python that reads it."""
    if isinstance(node, list):
        return [spelled(each) for each in node]
    if not isinstance(node, ast.AST):
        return node if isinstance(node, str) else repr(node)
    fields = {
        name: spelled(value)
        for name, value in ast.iter_fields(node)
        if name not in UNSAID and value is not None and value != []
    }
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
        fields["body"] = fields["body"][1:]
    if isinstance(node, ast.Constant):
        fields["value"] = f"{type(node.value).__name__} {node.value!r}"
    return [type(node).__name__, fields]

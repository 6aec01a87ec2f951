"""The rules of the house, read from the imports of its modules.

A room is what stands directly in analysis/ or report/: a package, or a module.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from build import ROOT

RULES = {
    "analysis": "errors < study, data < plan < training | statistics < results < claims",
    "report": "words < figures, tables, prose < document < pages < output",
}
"""A room imports from its left only; those joined by a comma or a bar do not know each other."""
CLOSED = "analysis.training"
"""Entered by the stages and the benchmarks alone: it brings TensorFlow."""
TYPED = {"analysis.errors", "analysis.study", "analysis.plan", "analysis.results"}
OWNERS = {
    **{name: {"analysis.training"} for name in ("tensorflow", "keras", "rich")},
    **{name: {"analysis.training.cluster"} for name in ("distributed", "dask")},
    "pydantic": TYPED | {"report.document"},
    "pandas": {"analysis.statistics", "analysis.results", "analysis.claims", "report"},
    "scipy": {"analysis.statistics", "analysis.claims"},
    "statsmodels": {"analysis.statistics", "analysis.claims"},
    "sqlite3": {"analysis.results"},
    "filelock": {"analysis.results"},
    "matplotlib": {"report.figures"},
    "jinja2": {"report.prose", "report.output"},
    "markdown": {"report.prose"},
    "pygments": {"report.prose"},
    "pybtex": {"report.prose"},
    "yaml": {"report.document.authors"},
    "latex2mathml": {"report.document"},
    "typst": {"report.output.paper"},
    "pikepdf": {"report.output.paper"},
    "starlette": {"report.output.serve"},
    "uvicorn": {"report.output.serve"},
    "watchfiles": {"report.output.serve"},
    "typer": set[str](),
}
"""Each big library and the only places that may import it; pydantic: where a type is at home."""
LIGHT = {"typer"} | sys.stdlib_module_names
"""What the front door may load before it knows which command was asked for."""
ROOMS, FLOORS, ARROWS = 8, 6, 24


@dataclass(frozen=True)
class Import:
    """One imported module or name, with the line, and whether it is loaded with the module."""

    target: str
    line: int
    eager: bool


def imports(source: str, module: str) -> Iterator[Import]:
    """Yield what `source`, the text of `module`, imports, inside of functions too."""
    tree = ast.parse(source)
    eager = {id(node) for node in _loaded(tree.body)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, id(node) in eager)
        elif isinstance(node, ast.ImportFrom):
            package = module.rsplit(".", node.level)[0] + "." if node.level else ""
            for alias in node.names:
                name = f"{package}{node.module or ''}".rstrip(".")
                yield Import(f"{name}.{alias.name}", node.lineno, id(node) in eager)


def _loaded(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when the module is loaded; not those for type checkers."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _loaded(node.orelse)
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            yield from _loaded([each for each in ast.walk(node) if isinstance(each, ast.stmt)][1:])


def house() -> dict[str, str]:
    """Return the text of each module of analysis/ and report/ by its dotted name."""
    found = {}
    for wing in RULES:
        for path in sorted((ROOT / wing).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path.read_text(encoding="utf-8")
    return found


def room(name: str) -> str:
    """Return the room that a dotted name is in, such as analysis.claims."""
    return ".".join(name.split(".")[:2])


def floors(wing: str) -> list[set[str]]:
    """Return the rooms of a wing floor by floor, as its rule has them."""
    levels = RULES[wing].split("<")
    return [{f"{wing}.{each.strip()}" for each in re.split(r"[,|]", level)} for level in levels]


def floor(name: str) -> tuple[str, int]:
    """Return wing and floor of a room; raise KeyError for one that no rule names."""
    wing = name.partition(".")[0]
    for level, rooms in enumerate(floors(wing)):
        if room(name) in rooms:
            return wing, level
    raise KeyError(room(name))


def violations(sources: Mapping[str, str]) -> list[str]:
    """Return one line for each import in `sources` (module → text) that breaks a rule."""
    return [
        f"{module}:{each.line} imports {each.target}: {problem}"
        for module, source in sources.items()
        for each in imports(source, module)
        for problem in _problems(module, each)
    ]


def _problems(module: str, each: Import) -> Iterator[str]:
    library = each.target.partition(".")[0]
    owners = OWNERS.get(library)
    if owners is not None and not any(f"{module}.".startswith(f"{own}.") for own in owners):
        yield f"{library} belongs to {', '.join(sorted(owners)) or 'build.py'}"
    if library in {"build", "stages", "tests", "tools", "benchmarks"}:
        yield "nothing in the house leans on what stands around it"
    if library not in RULES:
        return
    if each.target.rpartition(".")[2].startswith("_"):
        yield "a private name of another module"
    if "." in module and room(each.target) != room(module):
        yield from _wrong_way(module, each.target)


def _wrong_way(module: str, target: str) -> Iterator[str]:
    if target in RULES:
        return
    (wing, level), (other_wing, other_level) = floor(module), floor(target)
    if room(target) == CLOSED:
        yield "only the stages and the benchmarks enter the training"
    elif (wing, other_wing) == ("analysis", "report"):
        yield "the analysis does not know the report"
    elif wing == other_wing and other_level >= level:
        yield "a room imports only from its left"


def circles(sources: Mapping[str, str]) -> list[list[str]]:
    """Return the modules that import each other in a circle, inside of functions or not."""
    known = {
        module: {
            name
            for each in imports(source, module)
            for name in (each.target, each.target.rpartition(".")[0])
            if name in sources and name != module and not module.startswith(f"{name}.")
        }
        for module, source in sources.items()
    }
    while free := {module for module, needs in known.items() if not needs & known.keys()}:
        known = {module: needs for module, needs in known.items() if module not in free}
    return [sorted(known)] if known else []


def arrows(wing: str) -> set[tuple[str, str]]:
    """Return the pairs of rooms of a wing of which the first imports from the second."""
    return {
        (room(module), room(each.target))
        for module, source in house().items()
        if module.startswith(f"{wing}.")
        for each in imports(source, module)
        if each.target.startswith(f"{wing}.") and room(each.target) != room(module)
    }


def test_every_import_goes_to_the_left() -> None:
    """No import goes to the right, into the closed room, or to another room's library."""
    assert violations(house()) == []


def test_no_modules_import_each_other() -> None:
    """Inside of a package too, whoever is imported does not import back."""
    assert circles(house()) == []


@pytest.mark.parametrize("wing", RULES)
def test_a_wing_can_be_drawn_on_a_page(wing: str) -> None:
    """Few rooms, few floors and few arrows, and every room stands in the rule."""
    rooms = {room(module) for module in house() if module.startswith(f"{wing}.")}
    assert rooms == {each for level in floors(wing) for each in level}
    assert len(rooms) <= ROOMS
    assert len(floors(wing)) <= FLOORS
    assert len(arrows(wing)) <= ARROWS


@pytest.mark.parametrize(
    ("module", "source", "why"),
    [
        ("analysis.plan.run", "import tensorflow as tf", "tensorflow belongs to analysis.training"),
        ("analysis.study.model", "from pandas import DataFrame", "pandas belongs to"),
        ("analysis.statistics.theory", "def f():\n    import tensorflow.math", "tensorflow bel"),
        ("analysis.training.workers", "import distributed", "belongs to analysis.training.cluster"),
        ("report.figures.curves", "import keras", "keras belongs to analysis.training"),
        ("report.pages.laboratory", "from matplotlib import pyplot", "matplotlib belongs to"),
        ("report.output.export", "import starlette", "starlette belongs to report.output.serve"),
        ("report.tables.results", "from scipy import stats", "scipy belongs to"),
        ("analysis.errors", "from analysis.study.model import Study", "only from its left"),
        ("analysis.data.dataset", "from analysis.study.names import slug", "only from its left"),
        ("analysis.claims.claim", "from analysis.training import workers", "enter the training"),
        ("analysis.training.trainer", "from analysis.results import frames", "only from its left"),
        ("analysis.results.frames", "from report.output import export", "does not know the report"),
        ("report.figures.curves", "from report.tables import table", "only from its left"),
        ("report.document.compose", "from report.prose.calls import _cite", "a private name"),
        ("report.prose.calls", "from analysis.training import workers", "enter the training"),
        ("report.output.site", "from benchmarks import work", "leans on what stands around"),
    ],
)
def test_a_planted_violation_is_found(module: str, source: str, why: str) -> None:
    """The checker names the broken rule for each kind of import that must not be."""
    found = violations({module: source})
    assert len(found) == 1
    assert why in found[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("analysis.training.workers", "import tensorflow\nfrom analysis.training import trainer"),
        ("analysis.claims.testing", "from analysis.results import frames\nimport scipy.stats"),
        ("report.prose.calls", "from analysis.claims.claim import Claim"),
        ("report.output.site.build", "from report.pages import laboratory\nimport jinja2"),
    ],
)
def test_a_lawful_import_passes(module: str, source: str) -> None:
    """The checker is silent where an import goes to the left or stays at home."""
    assert violations({module: source}) == []


def test_a_planted_circle_is_found() -> None:
    """Two modules of a package that import each other are named, a late import counting too."""
    sources = {
        "report.words.a": "from report.words import b",
        "report.words.b": "def f():\n    from report.words.a import g",
        "report.words.c": "from report.words import a",
    }
    assert circles(sources) == [["report.words.a", "report.words.b", "report.words.c"]]


def test_a_new_room_needs_a_place() -> None:
    """A room that no rule names is an error, not a way around the rules."""
    with pytest.raises(KeyError, match=r"analysis\.misc"):
        violations({"analysis.misc": "from analysis.errors import StudyError"})


def heavy(name: str, sources: Mapping[str, str], seen: set[str] | None = None) -> list[str]:
    """Return each heavy library that loading `name` loads, with the module that asks for it."""
    seen = set() if seen is None else seen
    found: list[str] = []
    for each in imports(sources[name], name):
        if not each.eager:
            continue
        library = each.target.partition(".")[0]
        if library not in LIGHT | {"analysis", "report"} and each.target not in sources:
            found.append(f"{name}:{each.line} {each.target}")
        for module in {each.target, each.target.rpartition(".")[0]} & sources.keys() - seen:
            seen.add(module)
            found += heavy(module, sources, seen)
    return found


def test_the_front_door_opens_before_anything_heavy_is_loaded() -> None:
    """Loading build.py loads nothing heavy, by itself or through a room, so help is instant."""
    door = (ROOT / "build.py").read_text(encoding="utf-8")
    options = (ROOT / "stages" / "options.py").read_text(encoding="utf-8")
    assert heavy("build", house() | {"build": door, "stages.options": options}) == []


def test_a_heavy_front_door_is_noticed() -> None:
    """The check above sees a heavy import behind a module, and lets a late import pass."""
    sources = {
        "build": "from analysis.a import f\ndef report():\n    import tensorflow",
        "analysis.a": "if True:\n    import numpy as np",
    }
    assert heavy("build", sources) == ["analysis.a:2 numpy"]


def test_the_report_is_drawn_without_tensorflow() -> None:
    """Loading every module but those of the training leaves TensorFlow out of the process."""
    rooms = [name for name in house() if room(name) != CLOSED]
    code = f"import sys, {', '.join(rooms)}\nassert 'tensorflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)

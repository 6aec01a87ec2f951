"""The rules of the house, read from the imports of its modules."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from build import ROOT

# Wing by wing, floor by floor, from the ground up. A room is a module, or a package with its
# modules, and imports only what stands on lower floors of its own wing or in a wing it may enter.
WINGS = {
    "ground": [
        ["analysis.errors", "analysis.parameters", "analysis.quiet", "analysis.slugs"],
        ["analysis.mistakes", "analysis.optimizers", "analysis.schemes", "analysis.runresult"],
        ["analysis.studyfile"],
        ["analysis.changes", "analysis.study"],
        ["analysis.dataset"],
        ["analysis.plan"],
        ["analysis.costs", "analysis.progress", "analysis.provenance"],
    ],
    "compute": [
        ["analysis.network", "analysis.probes"],
        ["analysis.engine"],
        ["analysis.training"],
        ["analysis.workers"],
    ],
    "evidence": [
        ["analysis.store", "analysis.estimates", "analysis.tabletext", "analysis.theory"],
        ["analysis.results"],
        ["analysis.statistics"],
        ["analysis.summaries"],
        ["analysis.claims"],
        ["analysis.published"],
        ["analysis.jobs"],
    ],
    "report": [
        ["report.cache", "report.freshness", "report.literals", "report.places", "report.publish"],
        ["report.quantities", "report.style"],
        ["report.compact", "report.markdown", "report.rows", "report.svg"],
        ["report.marks", "report.outline", "report.tidy"],
        ["report.addresses", "report.floats", "report.selection"],
        ["report.setting_words", "report.sparks", "report.tagging"],
        ["report.citations", "report.equations", "report.listing", "report.lookup"],
        ["report.descriptions", "report.panels", "report.verdicts"],
        ["report.map_words", "report.ridge_words", "report.signal_words", "report.training_words"],
        ["report.choosing", "report.curves", "report.deep", "report.dots", "report.symmetry"],
        ["report.maps", "report.ridges", "report.signals"],
        ["report.figures", "report.tables", "report.prose"],
        ["report.catalogue", "report.export", "report.histories"],
        ["report.codepage", "report.plates", "report.run_rows"],
        ["report.run_data", "report.runs"],
        ["report.document"],
        ["report.compose"],
        ["report.laboratory", "report.previews"],
        ["report.pages"],
        ["report.pdf"],
        ["report.preview"],
    ],
}
MAY_ENTER = {
    "ground": {"ground"},
    "compute": {"compute", "ground"},
    "evidence": {"evidence", "ground"},
    "report": {"report", "evidence", "ground"},
}
# Each big library and the only rooms that may import it: a wing, or modules by name.
OWNERS = {
    "tensorflow": {"compute"},
    "keras": {"compute"},
    "pandas": {"evidence", "report"},
    "scipy": {"evidence"},
    "statsmodels": {"evidence"},
    "sqlite3": {"analysis.store"},
    "filelock": {"analysis.store"},
    "rich": {"analysis.progress"},
    "matplotlib": {
        "report.curves",
        "report.deep",
        "report.dots",
        "report.figures",
        "report.maps",
        "report.marks",
        "report.panels",
        "report.ridges",
        "report.signals",
        "report.symmetry",
    },
    "weasyprint": {"report.pdf"},
    "watchfiles": {"report.preview"},
    "starlette": {"report.preview"},
    "uvicorn": {"report.preview"},
    "markdown": {"report.markdown"},
    "pygments": {"report.listing"},
    "ziamath": {"report.equations"},
    "latex2mathml": {"report.equations"},
    "pybtex": {"report.citations"},
    "typer": set[str](),
}
# What the front door may load before it knows which command was asked for.
LIGHT = {"typer"} | sys.stdlib_module_names


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


def room(name: str) -> str:
    """Return the room that a dotted name of the house is in, such as analysis.claims."""
    return ".".join(name.split(".")[:2])


def place(name: str) -> tuple[str, int]:
    """Return wing and floor of a room; raise KeyError for one that has no place yet."""
    for wing, floors in WINGS.items():
        for level, rooms in enumerate(floors):
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
    wing, level = place(module)
    if library in OWNERS and not {wing, room(module)} & OWNERS[library]:
        yield f"{library} belongs to {', '.join(sorted(OWNERS[library])) or 'build.py'}"
    if library in {"build", "tests", "tools", "benchmarks"}:
        yield "nothing in the house leans on what stands around it"
    if library not in {"analysis", "report"} or room(each.target) == room(module):
        return
    if each.target.rpartition(".")[2].startswith("_"):
        yield "a private name of another room"
    other_wing, other_level = place(each.target)
    if other_wing not in MAY_ENTER[wing]:
        yield f"the {wing} wing does not enter the {other_wing} wing"
    elif other_wing == wing and other_level >= level:
        yield "a room imports only what stands below it"


def house() -> dict[str, str]:
    """Return the text of each module of analysis/ and report/ by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
        for package in ("analysis", "report")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.relative_to(ROOT).parts[1:] != ("__init__.py",)
    }


def test_every_module_keeps_to_its_floor() -> None:
    """No import in the house goes upward, into a closed wing, or to another room's library."""
    assert violations(house()) == []


def test_the_plan_lists_no_room_that_is_gone() -> None:
    """Each room on the plan exists, and each that exists is on the plan."""
    planned = {each for floors in WINGS.values() for floor in floors for each in floor}
    assert planned == {room(module) for module in house()}


@pytest.mark.parametrize(
    ("module", "source", "why"),
    [
        ("analysis.plan", "import tensorflow as tf", "tensorflow belongs to compute"),
        ("analysis.study", "from pandas import DataFrame", "pandas belongs to"),
        ("analysis.statistics", "def f():\n    import tensorflow.math", "tensorflow belongs"),
        ("report.figures", "import keras", "keras belongs to compute"),
        ("report.pages", "from matplotlib import pyplot", "matplotlib belongs to"),
        ("report.pages", "import weasyprint", "weasyprint belongs to report.pdf"),
        ("report.tables", "from scipy import stats", "scipy belongs to evidence"),
        ("analysis.errors", "from analysis.study import Study", "only what stands below"),
        ("analysis.claims.model", "from .. import plan, workers", "does not enter the compute"),
        ("analysis.training", "from analysis import store", "does not enter the evidence"),
        ("analysis.probes", "import analysis.training", "only what stands below"),
        ("analysis.store", "from report.pages import build_pages", "does not enter the report"),
        ("report.figures", "from report.tables import TABLES", "only what stands below"),
        ("report.pages", "from report.figures import _axes", "a private name"),
        ("report.prose", "from analysis.workers import train", "does not enter the compute"),
        ("analysis.store", "import build", "leans on what stands around"),
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
        ("analysis.workers", "import tensorflow\nfrom analysis.training import train"),
        ("analysis.claims.model", "from analysis.claims.base import _inner\nimport scipy.stats"),
        ("report.prose", "from analysis.claims import Claim\nfrom analysis import schemes"),
        ("report.pdf", "from weasyprint import HTML\nfrom report.pages import build_pages"),
    ],
)
def test_a_lawful_import_passes(module: str, source: str) -> None:
    """The checker is silent where an import goes downward or stays at home."""
    assert violations({module: source}) == []


def test_a_new_room_needs_a_place() -> None:
    """A module that is on no floor yet is an error, not a way around the rules."""
    with pytest.raises(KeyError, match=r"analysis\.misc"):
        violations({"analysis.misc": "import os"})


def heavy(name: str, sources: Mapping[str, str], seen: set[str] | None = None) -> list[str]:
    """Return each heavy library that loading `name` loads, with the module that asks for it."""
    seen = set() if seen is None else seen
    found: list[str] = []
    for each in imports(sources[name], name):
        library = each.target.partition(".")[0]
        if not each.eager:
            continue
        if library not in LIGHT | {"analysis", "report"}:
            found.append(f"{name}:{each.line} {each.target}")
        for module in {each.target, each.target.rpartition(".")[0]} & sources.keys() - seen:
            seen.add(module)
            found += heavy(module, sources, seen)
    return found


def test_the_front_door_opens_before_anything_heavy_is_loaded() -> None:
    """Loading build.py loads nothing heavy, by itself or through a room, so help is instant."""
    door = (ROOT / "build.py").read_text(encoding="utf-8")
    assert heavy("build", house() | {"build": door}) == []


def test_a_heavy_front_door_is_noticed() -> None:
    """The check above sees a heavy import behind a module, and lets a late import pass."""
    sources = {
        "build": "from analysis.a import f\ndef report():\n    import tensorflow",
        "analysis.a": "if True:\n    import numpy as np",
    }
    assert heavy("build", sources) == ["analysis.a:2 numpy"]


def test_the_report_is_drawn_without_tensorflow() -> None:
    """Loading every room but those of the compute wing leaves TensorFlow out of the process."""
    rooms = [name for name in house() if place(name)[0] != "compute"]
    code = f"import sys, {', '.join(rooms)}\nassert 'tensorflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)

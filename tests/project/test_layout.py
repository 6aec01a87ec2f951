"""What a newcomer meets: few entries a folder, short files, a sentence at each package's head."""

import re
from fnmatch import fnmatch

import pytest

from build import ROOT

ENTRIES, LINES, WIDTH = 8, 300, 100


def test_no_folder_holds_more_than_one_can_take_in() -> None:
    """At most eight entries a folder; data, and the sentence that says what it is, aside."""
    kinds = {".py", ".js", ".css", ".html", ".typ", ""}
    crowded = {}
    for top in ("analysis", "report", "stages", "templates", "examples", "tests"):
        for folder in [ROOT / top, *(each for each in (ROOT / top).rglob("*") if each.is_dir())]:
            entries = [
                each.name
                for each in folder.iterdir()
                if each.suffix in kinds and each.name not in {"__init__.py", "__pycache__"}
            ]
            if len(entries) > ENTRIES and folder.name != "__pycache__":
                crowded[str(folder.relative_to(ROOT))] = sorted(entries)
    assert crowded == {}


def test_no_file_is_longer_than_one_reads_at_a_stretch() -> None:
    """No code, style, script or page of ours has more than three hundred lines."""
    tops = ("analysis", "report", "stages", "templates", "examples", "tests", "tools", "benchmarks")
    files = [each for top in tops for each in (ROOT / top).rglob("*")]
    kinds = {".py", ".js", ".css", ".html", ".typ"}
    read = [each for each in files if each.suffix in kinds and "vendor" not in each.parts]
    long = {
        str(each.relative_to(ROOT)): count
        for each in [*read, ROOT / "build.py"]
        if (count := each.read_text(encoding="utf-8").count("\n")) > LINES
    }
    assert long == {}


def test_no_text_beside_the_code_is_wider_than_the_code() -> None:
    """No line of more than a hundred characters but in tables, blocks of code and HTML."""
    wide = {}
    for path in ROOT.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        prose = re.sub(
            r"^```.*?^```$", lambda block: "\n" * block[0].count("\n"), text, flags=re.M | re.S
        )
        for number, line in enumerate(prose.split("\n"), start=1):
            if len(line) > WIDTH and not line.lstrip().startswith(("|", "<")):
                wide[f"{path.name}:{number}"] = line
    assert wide == {}


def test_every_package_says_in_a_sentence_what_it_holds() -> None:
    """A package begins with one sentence for a newcomer."""
    wings = ("analysis", "report", "stages")
    packages = [each for wing in wings for each in (ROOT / wing).rglob("*.py")]
    folders = {each.parent for each in packages}
    said = {each: (each / "__init__.py").read_text(encoding="utf-8") for each in folders}
    silent = [str(each.relative_to(ROOT)) for each, text in said.items() if text[:3] != '"""']
    assert silent == []


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """Pytest skips folders by their names, by default one that is called build: none of ours."""
    tests = (each.relative_to(ROOT) for each in (ROOT / "tests").rglob("test_*.py"))
    names = {name for each in tests for name in each.parent.parts}
    skipped = pytestconfig.getini("norecursedirs")
    assert [name for name in names if any(fnmatch(name, each) for each in skipped)] == []

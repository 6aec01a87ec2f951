"""Scripts as they are taken in: a bracket or quote without partner is found, and nothing else."""

from pathlib import Path

import pytest

from analysis.errors import ReportError
from report.output.writing import sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of templates."""
    (tmp_path / "scripts").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "code",
    [
        'const f = (x) => /["(]/.test(x);',
        'function f(x) { return /[")]/.test(x); }',
        "switch (true) { case /'/.test(x): f(); }",
        "const a = x.replace(/\"/g, '(');",
        "const a = `a ${b ? `(${c})` : ''}`;",
        "const a = b / c; const d = (a) / (b);",
        "// it's (one\nconst a = 1; /* ' { */",
    ],
)
def test_a_script_that_a_browser_reads_is_taken_in(folder: Path, code: str) -> None:
    """Brackets and quotes of patterns, texts and comments need no partner."""
    (folder / "scripts" / "a.js").write_text(code, "utf-8")
    assert sources.script(folder, "scripts/a.js") == code


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("f();\ng(", "2: a ( without its partner"),
        ("f([)]);", "1: a ) without its partner"),
        ("const a = b > c;\n}", "2: a } without its partner"),
        ("const a = 'b;", "1: a ' without its partner"),
        ("if (a / 2 > b) { f(c / 2;", "1: a ( without its partner"),
    ],
)
def test_what_has_no_partner_is_named_with_its_line(folder: Path, code: str, told: str) -> None:
    """The file is named as seen from the project."""
    (folder / "scripts" / "a.js").write_text(code, "utf-8")
    with pytest.raises(ReportError) as refused:
        sources.script(folder, "scripts/a.js")
    assert str(refused.value) == f"templates/scripts/a.js:{told}"


def test_what_others_released_is_taken_as_it_is_or_not_at_all(folder: Path) -> None:
    """A file of another digest than the one it was released with is refused by its name."""
    (folder / "scripts/a.js").write_bytes(b"abc")
    abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1
    assert sources.released(folder, "scripts/a.js", abc) == b"abc"
    (folder / "scripts/a.js").write_bytes(b"abc\n")
    with pytest.raises(ReportError, match=r"templates/scripts/a\.js: is not the file that was"):
        sources.released(folder, "scripts/a.js", abc)

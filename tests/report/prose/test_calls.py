"""What an answer may call, and what is wrong with a call."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import ReportError
from report.words import plain
from tests.made.sites.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk in an empty folder."""
    return Desk(tmp_path)


MISTAKES = [
    ('{{ number("test_acuracy", "HeNormal") }}', "did you mean 'test_accuracy'?"),
    ('{{ number("test_accuracy", "HeNorm") }}', "did you mean 'HeNormal'?"),
    ('{{ number("test_accuracy", "HeNormal", experiment="bas") }}', "did you mean 'base'?"),
    ('{{ number("loss", "HeNormal", epoch=9) }}', "no epoch 9; there is 1, 2"),
    ('{{ number("kernel_sd", "HeNormal", layer=4) }}', "no layer 4; there is 1, 2, 3"),
    ('{{ number("test_accuracy", "HeNormal", stat="median") }}', "no statistic 'median'"),
    ('{{ number("seed", "HeNormal") }}', "no metric of the runs 'seed'"),
    ('{{ number("test_accuracy") }}', "number(): missing a required argument: 'variant'"),
    ('{{ theory("kernel_sd", "Orthogonal", layer=1) }}', "no variant 'Orthogonal'"),
    ('{{ setting("training.epoch") }}', "did you mean 'epochs'?"),
    ('{{ claim("levle") }}', "did you mean 'level'?"),
    ('{{ figure("curv", "Caption.") }}', "did you mean 'curve'?"),
    ('{{ figure("curve", " ") }}', "has no caption"),
    (
        '{{ figure("curve", "A.") }}{{ figure("curve", "B.") }}',
        "stands at answers/q1a.md:3 already",
    ),
    ('{{ table("finale", "Caption.") }}', "did you mean 'final'?"),
    ('{{ cite("tow") }}', "did you mean 'two'?"),
    ("{{ cite() }}", "needs at least one key"),
    ('{{ code("nowhere.py") }}', "no file 'nowhere.py'"),
    ("{{ claim('level', 'Said twice.') }}", "claim(): too many positional arguments"),
    ("{{ setting('seeds') + 1 }}", "can only concatenate tuple"),
    ("{{ 1 // 0 }}", "division"),
    ("{{ range('x') }}", "cannot be interpreted as an integer"),
    ("{{ setting('seeds') | fixed(2) }}", "fixed: must be real number, not tuple"),
    ("{{ 0.5 | fixed }}", "missing 1 required positional argument: 'decimals'"),
    ("{{ 2 | counted }}", "missing 1 required positional argument: 'thing'"),
    ("{{ nubmer | fixed(2) }}", "did you mean 'number'?"),
    ("{{ nubmer }}", "did you mean 'number'?"),
    ("{{ study.epocs }}", "has no attribute 'epocs'"),
    ("{% if %}", "Expected an expression"),
    ("{{ number( }}", "unexpected '}'"),
]


@pytest.mark.parametrize(("call", "message"), MISTAKES)
def test_a_mistake_names_file_line_and_what_would_be_right(
    desk: Desk, call: str, message: str
) -> None:
    """Whatever an answer asks for in vain is reported where it stands."""
    with pytest.raises(ReportError) as caught:
        desk.render(f"## Title\n\n{call}\n")
    assert str(caught.value).startswith("answers/q1a.md:3: ")
    assert message in str(caught.value)


def test_a_number_that_an_answer_computes_is_written_as_any_other(desk: Desk) -> None:
    """The filters are writers of `report.words`: of numbers, and of what is counted."""
    text = "{{ (-1.005) | fixed(2) }}; {{ 0.00001 | exact }}; {{ (1 / 3) | magnitude }}"
    assert desk.render(text) == "−1.01; 1\u00a0×\u00a010⁻⁵; 0.333"
    text = '{{ 1 | counted("epoch") }}, {{ variants | length | counted("variant") }}'
    assert desk.render(text) == "1 epoch, 4 variants"


def test_the_line_is_found_inside_of_a_loop(desk: Desk) -> None:
    """The line is that of the call, not that of the loop or of the compiled template."""
    text = "a\n{% for v in variants %}\nb\n{{ number('x', v.name) }}\n{% endfor %}"
    with pytest.raises(ReportError, match=r"^answers/q1a\.md:4: "):
        desk.render(text)


def test_an_error_of_the_code_is_no_mistake_of_the_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A TypeError from within a function that was called rightly keeps its traceback."""

    def broken(*_: object) -> None:
        len(5)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.prose.numbers, "_row", broken)
    with pytest.raises(TypeError, match="has no len"):
        desk.render('{{ number("test_accuracy", "HeNormal") }}')


def test_a_listing_is_the_source_of_the_function(desk: Desk) -> None:
    """The lines shown are those of the file, decorators included, and nothing after them."""
    source = "import x\n\n@x.y\ndef f(a):\n\n    return a < 1\n\n\ndef g(): ...\n"
    (desk.folder / "m.py").write_text(source, "utf-8")
    html = desk.brief('{{ code("m.py", "f") }}')
    assert "<code>m.py</code>, lines 3–6" in html
    assert "return</span>" in html
    assert "&lt;" in html
    assert ">g<" not in html
    with pytest.raises(ReportError, match=r"no definition in m\.py: 'h'"):
        desk.render('{{ code("m.py", "h") }}')


def test_what_a_program_printed_has_no_colours(desk: Desk) -> None:
    """A file that is no Python is shown whole, and a word of Python in it is a word."""
    (desk.folder / "m.txt").write_text("for He 0.1\n", "utf-8")
    html = desk.brief('{{ code("m.txt") }}')
    assert "<code>for He 0.1</code>" in html


@pytest.mark.parametrize(
    ("told", "digests"),
    [
        ({"trained_under": {"base": ["aa"]}}, "aa"),
        ({"trained": {"base": "published"}, "published_trained_under": {"base": ["bb"]}}, "bb"),
        ({"trained_under": {"base": ["aa", ""]}}, "none"),
        ({}, "none"),
    ],
)
def test_a_freeze_is_told_wherever_the_networks_come_from(
    desk: Desk, told: dict[str, object], digests: str
) -> None:
    """Trained here or published; none where a run was trained under none."""
    numbers = desk.prose.numbers
    study = numbers.results.study
    only = study.model_copy(update={"experiments": {"base": study.experiments["base"]}})
    numbers.results = replace(numbers.results, study=only, provenance=told)
    found = desk.render('{{ freezes() | join(" ") or "none" }}')
    assert plain.opened(found, markup=False) == digests

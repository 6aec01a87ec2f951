import re
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from analysis.errors import ReportError
from analysis.results.cache import Cache
from report.document import equations
from report.document.equations import Typesetter
from tests.made.sites.desk import Desk, written

MATHML = "{http://www.w3.org/1998/Math/MathML}"


@pytest.fixture
def typesetter() -> Typesetter:
    """One that keeps nothing on disk."""
    return Typesetter(Cache(None))


def test_mathml_carries_its_tex(typesetter: Typesetter) -> None:
    """The element is well-formed MathML whose annotation is the TeX as written."""
    tex = r"\operatorname{Var}(W) < \frac{2}{n}"
    math = fromstring(typesetter.mathml(tex, display=True))
    assert math.tag == f"{MATHML}math"
    assert math.get("display") == "block"
    assert math.findtext(f".//{MATHML}annotation") == tex
    assert math.find(f".//{MATHML}mfrac") is not None


def test_numbers_run_through_the_document(tmp_path: Path) -> None:
    """Labelled equations are numbered in order across answers; others have no number."""
    document = Desk(tmp_path).compose(
        {
            "q1a": "## Q1a. T\n\n$$a$$\n{#eq:one}\n\n$$b$$\n",
            "q2a": '## Q2a. T\n\n$$c$$\n{#eq:two}\n\n{{ ref("eq:one") }} {{ ref("eq:two") }}',
        }
    )
    html = "".join(written(document, name)[0] for name in ("q1a", "q2a"))
    assert re.findall(r">\((\d+)\)</a>", html) == ["1", "2"]
    assert re.findall(r'href="([^"]*)"[^>]*>Equation\u00a0(\d)', html) == [
        ("q1.html#eq-one", "1"),
        ("#eq-two", "2"),
    ]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("## T\n\ntext\n\n$$\\frac{a}$$\n", r"q1a\.md:5: cannot read the TeX"),
        ("## T\n\na $\\foo x$\n", r"q1a\.md:3: .*\\foo is no command"),
        ("## T\n\na\n\nb $\\left( x$\n", r"q1a\.md:5: cannot read the TeX"),
        (
            '## T\n\n$s = {{ setting("seeds")|length }} <b>x</b>$\n',
            r"q1a\.md:\d: an equation cannot",
        ),
        (
            "## T\n\n$$a$$\n{#eq:x}\n\n$$b$$\n{#eq:x}\n",
            r"q1a\.md:7: the label 'eq:x' is used twice",
        ),
    ],
)
def test_a_mistake_in_an_equation_has_a_line(tmp_path: Path, answer: str, message: str) -> None:
    """TeX that cannot be read, markup in it, and a label used twice are errors with their line."""
    with pytest.raises(ReportError, match=message):
        Desk(tmp_path).compose({"q1a": answer})


def test_an_equation_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time an equation comes from the cache, whoever asks."""
    first = Typesetter(Cache(tmp_path)).mathml("x", display=False)
    monkeypatch.setattr(equations, "_mathml", lambda *_: pytest.fail("drawn again"))
    assert Typesetter(Cache(tmp_path)).mathml("x", display=False) == first


def test_another_version_of_the_library_converts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version has made is not taken for what this one would make."""
    keys: list[str] = []
    cache = Cache(None)

    def text(key: str, _: Callable[[], str]) -> str:
        keys.append(key)
        return "<math></math>"

    monkeypatch.setattr(cache, "text", text)
    Typesetter(cache).mathml("x", display=False)
    Typesetter(cache).mathml("x", display=False)
    monkeypatch.setattr(equations, "version", lambda _: "0.0")
    equations._converter.cache_clear()
    Typesetter(cache).mathml("x", display=False)
    equations._converter.cache_clear()
    assert keys[0] == keys[1] != keys[2]

import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote
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


def depth(image: str) -> float:
    """How far below the baseline a drawn equation reaches, in em."""
    found = re.search(r"vertical-align:-([\d.]+)em", image)
    assert found is not None
    return float(found[1])


def test_mathml_carries_its_tex(typesetter: Typesetter) -> None:
    """The element is well-formed MathML whose annotation is the TeX as written."""
    tex = r"\operatorname{Var}(W) < \frac{2}{n}"
    math = fromstring(typesetter.mathml(tex, display=True))
    assert math.tag == f"{MATHML}math"
    assert math.get("display") == "block"
    assert math.findtext(f".//{MATHML}annotation") == tex
    assert math.find(f".//{MATHML}mfrac") is not None


def test_a_drawing_stands_on_the_baseline(typesetter: Typesetter) -> None:
    """A letter ends at the baseline, an index reaches below it, a fraction further."""
    letter, index, fraction = (
        depth(typesetter.image(tex, display=False)) for tex in ("x", "x_i", r"\frac{a}{b}")
    )
    assert letter < 0.05 < index < fraction < 1


def test_a_drawing_is_svg_with_the_tex_in_its_place(typesetter: Typesetter) -> None:
    """The image is a self-contained SVG, and its alternative text is the TeX on one line."""
    image = typesetter.image("a <\n b", display=True)
    source = re.search(r'src="data:image/svg\+xml,([^"]*)"', image)
    assert source is not None
    assert fromstring(unquote(source[1])).tag.endswith("svg")
    assert 'alt="a &lt; b"' in image


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
    first = Typesetter(Cache(tmp_path)).image("x", display=False)
    monkeypatch.setattr(equations, "_svg", lambda *_: pytest.fail("drawn again"))
    assert Typesetter(Cache(tmp_path)).image("x", display=False) == first


@pytest.mark.parametrize(
    ("package", "make"),
    [("latex2mathml", Typesetter.mathml), ("ziamath", Typesetter.image)],
)
def test_another_version_of_a_library_draws_anew(
    monkeypatch: pytest.MonkeyPatch, package: str, make: Callable[..., str]
) -> None:
    """What another version has drawn is not taken for what this one would."""
    keys: list[str] = []
    cache = Cache(None)

    def text(key: str, _: Callable[[], str]) -> str:
        keys.append(key)
        return '{"uri": "", "width": 1, "height": 1, "depth": 0}'

    monkeypatch.setattr(cache, "text", text)
    make(Typesetter(cache), "x", display=False)
    make(Typesetter(cache), "x", display=False)
    known = version(package)
    monkeypatch.setattr(
        equations, "version", lambda name: f"{known}.1" if name == package else version(name)
    )
    equations._versions.cache_clear()
    make(Typesetter(cache), "x", display=False)
    equations._versions.cache_clear()
    assert keys[0] == keys[1] != keys[2]

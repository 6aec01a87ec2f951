"""The press, given small documents: what it sets, what it refuses, and how builds share one."""

import ast
import asyncio
import itertools
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from latex2mathml.converter import convert

from analysis.errors import ReportError
from build import ROOT
from report.document import markup
from report.output.paper import room
from report.output.paper.press import Press, Unset
from tests.made import apart
from tests.report.output.paper.conftest import TEMPLATES
from tests.report.output.paper.documents import opened, set_body, words

HOSTILE = (
    '#panic("no") #eval("1+1") #import "x.typ" [x] *a* _b_ $c$ @ref <lab> // /* */ \\u{41} '
    "= h - l + l / t: `r` \\ ~ -- ... 'q' \"q\" https://a.example"
)
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><path d="M0 0h9v9z"/></svg>'
)


def escaped(text: str) -> str:
    """Text as it stands in HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@pytest.mark.parametrize(
    "frame",
    [
        "<p>{}</p>",
        "<h2>{}</h2>",
        "<ul><li>{}</li></ul>",
        '<ul class="references"><li id="r">{}</li></ul>',
        '<div class="claim"><p class="statement">{}</p><p class="evidence">{}</p></div>',
        '<p>a<span class="footnote">{}</span></p>',
        '<div class="highlight"><pre><code><span class="k">{}</span></code></pre></div>',
        '<table class="runs"><thead><tr><th>H</th></tr></thead><tbody id="b"><tr><th>{}</th></tr>'
        "</tbody></table>",
        '<div class="table"><table><thead><tr><th>{}</th></tr></thead><tbody><tr><td>{}</td></tr>'
        "</tbody></table></div>",
    ],
)
def test_no_text_is_read_as_code(press: Press, frame: str) -> None:
    """What would be markup or a call to the typesetter stands on the page letter for letter."""
    shown = words(set_body(press, frame.replace("{}", escaped(HOSTILE))))
    assert "".join(HOSTILE.split()) in "".join(shown.replace("\u200b", "").split())


def test_addresses_and_names_are_no_code(press: Press) -> None:
    """Neither are attributes: an anchor, an address, the text in place of a picture."""
    name = "a-&quot;)]#panic(1)"
    body = (
        f'<p><span id="{name}">x</span><a href="#{name}">y</a>'
        '<a href="https://a.example/#]&quot;">z</a></p>'
        f'<figure class="figure" id="f-{name}"><img src="figures/a.svg" alt="{escaped(HOSTILE)}">'
        "<figcaption>c</figcaption></figure>"
    )
    content = set_body(press, body, {"figures/a.svg": PICTURE})
    links = [link for page in opened(content) for link in page.get_links()]
    assert {link.get("uri") for link in links} >= {'https://a.example/#]"'}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<p><marquee>a</marquee></p>", "no setting for <marquee>"),
        ("<math><menclose><mi>x</mi></menclose></math>", "no setting for <menclose>"),
        ("<p>A 漢 sign</p>", r"sign 漢 \(U\+6F22\)"),
        ('<p><a href="#nowhere">there</a></p>', "“there” leads to #nowhere"),
        ('<figure><img src="figures/a.svg" alt=" "></figure>', "a.svg has no text in its place"),
        ('<figure><img src="figures/b.svg" alt="b"></figure>', "b.svg does not exist"),
        ('<figure><img src="figures/t.svg" alt="t"></figure>', "t.svg has text"),
        ("<h4>a</h4>", "heading"),
    ],
)
def test_what_cannot_be_set_is_an_error(press: Press, body: str, message: str) -> None:
    """The message names it; nothing is left out in silence."""
    pictures = {"figures/a.svg": PICTURE, "figures/t.svg": "<svg><text>a</text></svg>"}
    with pytest.raises(ReportError, match=message):
        set_body(press, body, pictures)


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{b} \sqrt{x} \sqrt[3]{x} x_i^2 \hat v \bar x \overline{ab} \tilde w",
        r"\sum_{i=1}^{n} \prod_k \int_0^1 \lim_{n \to \infty} \left( \frac{a}{b} \right)",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} \text{if } x \in \mathbb{R}, \mathbf{w}",
        r"a \le b \ge c \ne d \approx e \sim f \odot g \nabla \mathcal{L} \partial \infty \ldots",
        r"\alpha \beta \gamma \Gamma \varphi \phi \varepsilon \epsilon \ell \hbar \top \dagger",
        r"\underbrace{a + b}_{c} \underset{x}{y} \overset{x}{y} \vec v \dot x \ddot x \mathrm{d}x",
    ],
)
def test_what_tex_can_say_can_be_set(press: Press, tex: str) -> None:
    """Every construct that an answer is likely to use comes out, in a line and on its own."""
    block = f'<p>so that</p><div class="equation">{convert(tex, display="block")}</div>'
    assert words(set_body(press, f"<p>{convert(tex)}</p>{block}"))


@pytest.mark.parametrize(
    ("opening", "closing", "levels"),
    [
        ("<blockquote>", "</blockquote>", 1),
        ("<ul><li>a", "</li></ul>", 2),
        ("<ol><li>", "</li></ol>", 2),
        ("<div>", "</div>", 1),
    ],
)
def test_what_an_answer_may_nest_can_be_set(
    press: Press, opening: str, closing: str, levels: int
) -> None:
    """As deep as the check of its markup lets pass, with a table and a deep equation inside."""
    times = markup.DEEPEST // levels
    deep = "\\sqrt{" * 6 + "x" + "}" * 6
    inside = table(2, 1, '<em>b<span class="footnote"><a href="https://a.b">c</a></span></em>')
    body = opening * times + inside + f"<p>{convert(deep)}</p>" + closing * times
    assert "Cap" in words(set_body(press, f"<section>{body}</section>"))


LEFT, RIGHT, FOOT = 79.0, 516.5, 781.0
"""The margins of the page, in points."""


def overlap(a: Any, b: Any) -> bool:
    """Whether two words are printed one over the other."""
    across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return bool(across > 0.5 and down > 4)


def table(heads: int, rows: int, cell: str, kind: str = "") -> str:
    """A table of equal cells."""
    head = "".join(f'<th scope="col">Head {number}</th>' for number in range(heads))
    row = f'<tr><th scope="row">{cell}</th>{f"<td>{cell}</td>" * (heads - 1)}</tr>'
    return (
        f'<div class="table"><table class="{kind}"><caption>Cap</caption><thead><tr>{head}</tr>'
        f"</thead><tbody>{row * rows}</tbody></table></div>"
    )


@pytest.mark.parametrize(
    ("heads", "rows", "cell"),
    [
        (3, 3, "short"),
        (3, 60, "some words in a cell that go on for more than one line, and then some more"),
        (9, 5, "GlorotUniformWithOutput"),
        (6, 4, "A" * 70),
        (12, 30, "RandomNormal 97.54"),
    ],
)
@pytest.mark.parametrize("kind", ["normal", "wide"])
def test_tables_fit(press: Press, heads: int, rows: int, cell: str, kind: str) -> None:
    """However long the words and many the rows: all letters are there, within the margins."""
    content = set_body(press, table(heads, rows, cell, kind))
    for page in opened(content):
        shown = [word for word in page.get_text("words") if word[4] != str(page.number + 1)]
        assert all(word[0] > LEFT and word[2] < RIGHT and word[3] < FOOT for word in shown)
        assert not any(overlap(a, b) for a, b in itertools.combinations(shown, 2))
    letters = words(content).replace(" ", "").replace("\u200b", "").replace("\u00ad", "")
    assert letters.count(cell.replace(" ", "")) >= rows


def test_the_head_of_a_table_is_repeated(press: Press) -> None:
    """On each page it stands on."""
    pages = list(opened(set_body(press, table(3, 90, "a cell"))))
    assert len(pages) > 1
    assert all("Head 1" in page.get_text() for page in pages)


def test_an_equation_stays_with_its_paragraph(press: Press) -> None:
    """Wherever a page ends, at least a line of what introduces an equation stands above it."""
    equation = f'<div class="equation">{convert("x = 1", display="block")}</div>'
    for lines in range(34, 50):
        filler = "<p>one line</p>" * (lines // 2) + "<p>x</p>" * (lines % 2)
        body = filler + f"<p>{'word ' * 40} so that</p>{equation}<p>end</p>"
        for page in opened(set_body(press, body)):
            shown = [line.strip() for line in page.get_text().splitlines() if line.strip()]
            assert not shown[0].startswith(("𝑥", "x =")), lines


def test_a_changed_document_is_set_anew(press: Press) -> None:
    """A press that is kept shows what it is given, and not what it was given before."""
    first = set_body(press, "<p>one</p>")
    second = set_body(press, "<p>two</p>")
    assert "two" in words(second)
    assert set_body(press, "<p>one</p>") == first == set_body(Press(press.templates), "<p>one</p>")


def test_faces_are_those_of_the_project(press: Press) -> None:
    """Text, code and equations are set in the faces of templates/fonts, whole words of them."""
    body = f"<p>a <strong>b</strong> <em>c</em> <code>d</code> {convert('x^2')} ✓ σ</p>"
    document = opened(set_body(press, body))
    names = {font[3].split("+")[-1] for font in document[0].get_fonts()}
    assert len(names) >= 5
    assert all(name.startswith(("SourceSerif4", "SourceCodePro", "STIXTwoMath")) for name in names)


def test_every_sign_of_our_own_words_has_a_face(press: Press) -> None:
    """Whatever a build may write of itself can be set, the marks of all verdicts among it."""
    texts = (text for path in sorted((ROOT / "report").rglob("*.py")) for text in strings(path))
    signs = sorted({sign for text in texts for sign in text if sign > "~" and sign.isprintable()})
    assert set("✓×?−σ") - {"?"} <= set(signs)
    read_aloud = {"‾", "˙"}  # accents of MathML, which the paper sets by Typst's own
    set_body(press, f"<p>{' '.join(each for each in signs if each not in read_aloud)}</p>")


def strings(path: Path) -> list[str]:
    """Every text that a module's code holds."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [
        each.value for each in nodes if isinstance(each, ast.Constant) and str is type(each.value)
    ]


def test_builds_share_one_compiler() -> None:
    """Each gets the answer to its own files, a fault as a fault, and one at a time."""
    busy = threading.Lock()

    def compile_files(files: Mapping[str, str]) -> tuple[bytes, str]:
        assert busy.acquire(blocking=False)
        try:
            return (b"", files["wrong"]) if "wrong" in files else (files["a"].encode(), "")
        finally:
            busy.release()

    async def ask() -> list[tuple[bytes, str]]:
        async with room.kept(compile_files) as address:
            questions = [{"a": f"é {number}\n" * 9999} for number in range(4)] + [{"wrong": "so"}]
            return await asyncio.gather(
                *(asyncio.to_thread(room.asked, address, files) for files in questions)
            )

    *pdfs, fault = apart.run(ask())
    assert pdfs == [(f"é {number}\n".encode() * 9999, "") for number in range(4)]
    assert fault == (b"", "so")


def test_a_build_that_leaves_does_no_harm() -> None:
    """The next one is answered."""

    async def leave_then_ask() -> tuple[bytes, str]:
        async with room.kept(lambda files: (files["a"].encode(), "")) as address:
            _, writer = await asyncio.open_unix_connection(address)
            writer.write(b'{"a": "hal')
            writer.close()
            return await asyncio.to_thread(room.asked, address, {"a": "whole"})

    assert apart.run(leave_then_ask()) == (b"whole", "")


def test_a_press_far_away_prints_the_same(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes are those of a compiler in the build's own process; so are the faults."""
    here = set_body(press, "<p>a</p>")

    async def far() -> bytes:
        async with room.kept(press.compiler.compile) as address:
            monkeypatch.setenv(room.ADDRESS, address)
            away = Press(TEMPLATES)
            with pytest.raises(Unset, match="<marquee>"):
                await asyncio.to_thread(set_body, away, "<p><marquee>a</marquee></p>")
            content = await asyncio.to_thread(set_body, away, "<p>a</p>")
            assert away.compiler.kept is None
            return content

    assert apart.run(far()) == here

"""What the laboratory recommends is what the guide says."""

import re
from html import unescape

from report.document.document import Document
from report.pages.laboratory.advice import advice
from tests.report.conftest import Rendered


def words(html: str) -> str:
    """HTML as words, a formula by its letters."""
    plain = re.sub(r"<annotation.*?</annotation>|<[^>]+>", "", html, flags=re.S)
    return " ".join(unescape(plain).split())


def test_each_activation_has_the_line_of_the_guide(rendered: Rendered) -> None:
    """The page says in words of the guide's table, read off its page, what the guide says."""
    page = (rendered.site / "laboratory.html").read_text("utf-8")
    guide = (rendered.site / "guide.html").read_text("utf-8")
    table = guide.split('<div class="situations">')[1].split("</table>")[0]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in table.split("<tr>")]
    lines = {words(row[0]): [words(cell) for cell in row[1:3]] for row in rows if row}
    shown = dict(re.findall(r'<p class="advice" data-advice="(\w+)" hidden>(.*?)</p>', page, re.S))
    wanted = {
        "relu": "ReLU", "leaky_relu": "Leaky ReLU", "tanh": "tanh", "sigmoid": "Sigmoid",
        "selu": "SELU",
    }  # fmt: skip
    assert list(shown) == list(wanted)
    for name, situation in wanted.items():
        choice, reason = lines[situation]
        assert f"{situation} units" in words(shown[name])
        assert f"recommends: {choice}, since {reason}." in words(shown[name])
        assert 'href="guide.html#guide"' in shown[name]


def test_without_a_guide_nothing_is_recommended(rendered: Rendered) -> None:
    """A report whose answers have no guide, or one without such a table, gives no advice."""
    document = rendered.report.document
    others = tuple(each for each in document.sections if each.name != "guide")
    parts = (document.labels, document.uses, document.figures, document.titles, document.tables)
    assert advice(Document(others, *parts, document.references, document.typesetter)) == {}

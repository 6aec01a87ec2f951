"""Texts of records in the source of an answer: sealed there, and the same letters when opened."""

from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ReportError
from report.prose.calls import Prose
from report.prose.markdown import to_html
from report.words import plain
from report.words.plain import Plain
from tests.made.sites.desk import Desk

HOSTILE = (
    "<img src=x onerror=alert(1)> {{ 7*7 }} $\\x$ *a* _b_ `c` [l](javascript:1) </script> &amp; "
    '"q" \'a\' -- ... \\ % #panic("no") 1. <i data-use="0"></i>'
)


@given(st.text())
def test_a_sealed_text_is_letters_and_opens_to_itself(text: str) -> None:
    """Nothing of it can be read as markup, and nothing of it is lost."""
    inside = plain.sealed(text).strip(plain.OPENING + plain.CLOSING)
    assert inside == "" or inside.isalnum()
    assert plain.opened(plain.sealed(text), markup=False) == text


def test_it_equals_its_text() -> None:
    """An answer compares it and looks up things by it, as if it were the text."""
    made = plain.all_plain({"a": ["b", 1]})
    assert made == {"a": ("b", 1)}
    assert made[Plain("a")][0] == "b"
    assert "b" in made["a"]
    assert sorted([Plain("b"), Plain("a")]) == ["a", "b"]


@pytest.fixture
def prose(tmp_path: Path) -> Prose:
    """A desk whose answers know a hostile text by the name of `bad`."""
    made = Desk(tmp_path).prose
    made.environment.globals["bad"] = plain.all_plain({"text": HOSTILE, "list": [HOSTILE, "b"]})
    return made


@pytest.mark.parametrize(
    "answer",
    [
        "{{ bad.text }}",
        "- **{{ bad.text }}**: `{{ bad.text }}`",
        "## {{ bad.text }}",
        '{{ "a " ~ bad.text ~ " b" }}',
        "{{ bad.list }}",
        '{{ bad.list | join("; ") }}',
        "{% set kept %}{{ bad.text }}{% endset %}{{ kept }}",
        "{% macro told(x) %}*{{ x }}*{% endmacro %}{{ told(bad.text) }}",
        '{{ note(bad.text ~ " *told*") }}',
        "{{ note(bad.text) }}",
        '{{ figure("curve", "Caption: " ~ bad.text) }}',
        '<p title="{{ bad.text }}">x</p>',
        "| a |\n|---|\n| {{ bad.text }} |",
        "```\n{{ bad.text }}\n```",
        "{{ bad }}",
    ],
)
def test_a_text_of_a_record_is_text_wherever_an_answer_puts_it(prose: Prose, answer: str) -> None:
    """It stands in the HTML escaped, letter for letter, and no tag is made of it."""
    html = to_html(prose.render(answer, "answers/q1a.md"), "q1a", prose.uses)
    whole = html + "".join(use.inner for use in prose.uses.records)
    shown = escape(repr(HOSTILE)) if answer == "{{ bad }}" else escape(HOSTILE)
    assert shown in whole
    assert "<img" not in whole
    assert "javascript" not in whole.replace(shown, "")
    assert "49" not in whole


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("[l]({{ bad.text }})", "cannot be the address of a link"),
        ('<a href="x{{ bad.text }}">l</a>', "cannot be the address of a link"),
        ("```python\n{{ bad.text }}\n```", "cannot stand in code"),
        ("{{ bad.text.upper() }}", "no attribute 'upper'"),
        ("{{ bad.text + 'x' }}", "unsupported operand"),
        ("{{ '%s' % bad.text[0] }}", "no element 0"),
    ],
)
def test_where_it_could_not_be_text_it_is_refused(prose: Prose, answer: str, said: str) -> None:
    """No link leads where a title says, and no method of a text leads around the seal."""
    with pytest.raises(ReportError) as refused:
        to_html(prose.render(answer, "answers/q1a.md"), "q1a", prose.uses)
    assert said in str(refused.value)


def test_an_equation_takes_no_text(prose: Prose) -> None:
    """What would be TeX is a mistake of the answer that says so."""
    with pytest.raises(ReportError, match="an equation cannot hold"):
        Desk(prose.root).compose({"q1a": "## T\n\n$x = {{ variants[0].name }} + y$"})

"""The form by which the words of an answer follow the verdict on a claim."""

from pathlib import Path

import pytest

from analysis.errors import ReportError
from report.prose.locations import Place
from report.prose.source import literals
from report.prose.source.verdicts import Said
from report.prose.uses import ClaimUse
from tests.made.sites.desk import Desk, claim, plain

THREE = '{% supported "level" %}yes{% contradicted %}no{% else %}open{% endsupported %}'
TWO = '{% supported "level" %}yes{% else %}open{% endsupported %}'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk in an empty folder."""
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("verdict", "three", "two"),
    [
        ("supported", "yes", "yes"),
        ("contradicted", "no", "open"),
        ("inconclusive", "open", "open"),
    ],
)
def test_the_words_are_those_of_the_verdict(
    tmp_path: Path, verdict: str, three: str, two: str
) -> None:
    """One wording stands; a verdict without words has those of `else`; asking states no claim."""
    desk = Desk(tmp_path, level=claim(verdict=verdict))
    assert desk.render(f"It is {THREE}, {TWO}.") == f"It is {three}, {two}."
    assert not desk.prose.uses.of(ClaimUse)


def test_words_keep_their_calls_and_markdown_and_lose_the_lines_around_them(desk: Desk) -> None:
    """On lines of their own they are a line of the paragraph; within a line, blanks count."""
    form = '{% supported "level" %}\n*is* {{ i | exact }}\n{% else %}\nx\n{% endsupported %}'
    text = f"{{% set i = 0.5 %}}A\n{form}\nB"
    assert desk.render(text) == "A\n*is* 0.5\nB"
    assert plain(desk.brief(text)) == "A is 0.5 B"
    part = '{% supported "level" %} at a blank {% else %}x{% endsupported %}'
    assert desk.render(f"B{part}C") == "B at a blank C"
    assert desk.render(f"{{% for i in range(2) %}}{form};{{% endfor %}}") == "*is* 0;*is* 1;"


def test_a_form_may_stand_in_another_and_in_a_caption(tmp_path: Path) -> None:
    """What leans on two claims names both; a caption is set beforehand."""
    desk = Desk(tmp_path, a=claim(id="a"), b=claim(id="b", verdict="contradicted"))
    inner = '{% supported "b" %}both{% else %}a alone{% endsupported %}'
    text = f'{{% supported "a" %}}{inner}{{% else %}}neither{{% endsupported %}}'
    assert desk.render(text) == "a alone"
    use = desk.use(f'{{% set words %}}See: {text}.{{% endset %}}{{{{ figure("curve", words) }}}}')
    assert use.inner == "See: a alone."


def test_what_is_said_is_kept_with_its_claim_verdict_and_place(tmp_path: Path) -> None:
    """The record is what a check of the whole report reads."""
    desk = Desk(tmp_path, level=claim(verdict="inconclusive"))
    desk.render(f"a\nb {THREE}")
    place = Place("answers/q1a.md", 2)
    assert desk.prose.said == [Said("level", "inconclusive", "open", place, own=True)]


def test_words_for_any_other_verdict_are_not_its_own(tmp_path: Path) -> None:
    """What stands after `else` does not speak of a contradicted claim alone."""
    desk = Desk(tmp_path, level=claim(verdict="contradicted"))
    desk.render(f'{{% supported "level" %}}a{{% else %}}b{{% endsupported %}} {THREE}')
    assert [each.own for each in desk.prose.said] == [False, True]


MISTAKES = [
    ('{% supported "levle" %}a{% else %}b{% endsupported %}', "no claim 'levle' (did you mean 'l"),
    ("{% supported level %}a{% else %}b{% endsupported %}", "the claim is named by its id"),
    ("{% supported %}a{% else %}b{% endsupported %}", "the claim is named by its id"),
    (
        '{% supported "level" %}a{% endsupported %}',
        "no words for the claim 'level' under its other",
    ),
    (
        '{% supported "level" %}a{% contradicted %}b{% endsupported %}',
        "under its other verdicts: {% else",
    ),
    ('{% supported "level" %}{% else %}b{% endsupported %}', "'level' after {% supported %}"),
    (
        '{% supported "level" %}a{% contradicted %} {% else %}b{% endsupported %}',
        "after {% contradicted %}",
    ),
    ('{% supported "level" %}a{% else %} {## b ##} {% endsupported %}', "'level' after {% else %}"),
    (
        '{% supported "level" %}a{% else %}b{% contradicted %}c{% endsupported %}',
        "unknown tag 'contradicted'",
    ),
    ('{% supported "level" %}a{% else %}b', "looking for the following tags: 'endsupported'"),
    ('{% if supported("level") %}a{% endif %}', "no function or value 'supported'"),
    (
        '{% if x is defined %}{% supported "levle" %}a{% else %}b{% endsupported %}{% endif %}',
        "levle",
    ),
]


@pytest.mark.parametrize(("form", "message"), MISTAKES)
def test_a_form_that_is_not_whole_is_an_error(desk: Desk, form: str, message: str) -> None:
    """File and line are named, also where the form would not stand or another verdict holds."""
    with pytest.raises(ReportError) as caught:
        desk.render(f"## Title\n\n{form}\n")
    assert str(caught.value).startswith("answers/q1a.md:3: ")
    assert message in str(caught.value)


def test_a_number_typed_for_any_verdict_is_found(desk: Desk) -> None:
    """Words that do not stand today are read as closely as those that do."""
    text = (
        'a\n{% supported "level" %}b{% contradicted %}at 12 %{% else %}\n'
        '{{ "13 %" }}{% endsupported %}'
    )
    found = [(each.line, each.words) for each in literals.found(text)]
    assert found == [(2, "12 %"), (3, "13 %")]

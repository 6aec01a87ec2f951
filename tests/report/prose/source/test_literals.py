"""No result is typed: sentences that state one by hand, and sentences that only look like it."""

import re
from pathlib import Path

import pytest

from analysis.errors import ReportError
from build import ROOT
from report.prose.source import literals
from tests.made.sites.desk import Desk

ANSWERS = ROOT / "report" / "answers"

# A sentence, the words that must be named, and why it may not stand.
TYPED: list[tuple[str, list[str], str]] = [
    ("He reaches 97.53 % on the test set.", ["97.53 %"], "a result in digits"),
    ("He reaches 97.53% on the test set.", ["97.53%"], "without the space"),
    ("He reaches 97 percent.", ["97 percent"], "the unit in words"),
    ("It gains 0.4 percentage points.", ["0.4 percentage points"], "a difference"),
    ("The loss is 0.302 nats.", ["0.302"], "a loss"),
    ("The loss is .302 there.", [".302"], "without a leading zero"),
    ("It falls by -0.035 or −0.035.", ["-0.035", "−0.035"], "both signs"),
    ("We trained 20 seeds.", ["20"], "a setting that a study may change"),
    ("Of 2000 runs none diverged.", ["2000"], "looks like a year and counts runs"),
    ("The network has 30 layers.", ["30"], "the size of a network, not the name of a layer"),
    ("In layer 97.5 % of the units are dead.", ["97.5 %"], "a share after a word for a place"),
    ("In layer 2.5 times as many die.", ["2.5"], "no layer has such a number"),
    ("Only layer 2 of 3 learns.", ["2", "3"], "a count of layers"),
    ("It needs 3-4 epochs.", ["3-4"], "a range"),
    ("A p-value of 2e-7 says so.", ["2e-7"], "scientific notation"),
    ("It wins 10/7/3 of the time.", ["10/7/3"], "a record"),
    ("Half of it, or ½, is gone.", ["½"], "a sign for a fraction"),
    ("It takes 1,000 steps.", ["1,000"], "grouped digits"),
    ("The gain is $97.5$ % there.", ["97.5"], "a number dressed as an equation"),
    ("The lead is $-0.15$ percentage points.", ["-0.15"], "likewise, with a sign"),
    ("The gain is {{ 97.5 }} %.", ["97.5"], "a number dressed as a call"),
    ('The gain is {{ "97.5 %" }}.', ["97.5 %"], "text dressed as a call"),
    ('{{ figure("a-2", "He reaches 97.5 %.") }}', ["97.5 %"], "a caption"),
    (
        "{{ table('a',\n  'In ' ~ f(1) ~ ' runs\n  two epochs.') }}",
        ["two epochs"],
        "a long caption",
    ),
    ('A word{{ note("It is 97.5 %.") }}.', ["97.5 %"], "a note"),
    ("{% set x = 97 %}He reaches {{ x }}.", ["97"], "a name for a number"),
    ("{% set x = '97 %' %}{{ x | upper }}", ["97 %"], "a name for a text"),
    ("{% with x = 97 %}{{ x }}{% endwith %}", ["97"], "a name in a block"),
    ("{% set x, y = 97, 98 %}{{ y }}", ["97", "98"], "two names at once"),
    ("{% for x in [97] %}{{ x }}{% endfor %}", ["97"], "a loop over numbers"),
    ("{% for x in range(96, 98) %}{{ x }}{% endfor %}", ["96", "98"], "a loop over a range"),
    ("{% macro m(x=97) %}{{ x }}{% endmacro %}{{ m() }}", ["97"], "what a macro is given if not"),
    ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(97) }}", ["97"], "what a macro is given"),
    ("{% macro m(a, x) %}{{ x }}{% endmacro %}{{ m(x=97) }}", ["97"], "likewise by its name"),
    ("{{ 97 if supported('a') else 'more' }}", ["97"], "a number on a condition"),
    ("{{ '97 % of ' ~ variants[0].name }}", ["97 %"], "a number joined to what is looked up"),
    ("{{ '97 % of ' + study.title }}", ["97 %"], "likewise by a plus"),
    ("{{ study.none | default('97') }}", ["97"], "a number in the place of nothing"),
    ("{{ '{} %'.format(97) }}", ["97"], "a number put into a text"),
    ("{{ study.title.replace('a', '97') }}", ["97"], "likewise into one that is looked up"),
    ("{{ 'abcdefghijkl' | length }}", ["12"], "the length of a text"),
    ("{% set a = 'abc' %}{{ a | list | length }}", ["3"], "the length of what a name stands for"),
    ("{% set a %}abcd{% endset %}{{ a | length }}", ["4"], "the length of a block"),
    ("{% for a in 'abc' %}{{ loop.length }}{% endfor %}", ["3"], "the length of a loop"),
    ("{{ [97, 98][0] }}", ["97", "98"], "an item of a list"),
    ("{{ 97.5 | fixed(1) }}", ["97.5"], "a number that is written by a filter"),
    ("He reaches $97\\%$.", ["97\\%"], "a percent sign in an equation"),
    ("$$ a = 97.5\\,\\% $$", ["97.5\\,\\%"], "likewise on a line of its own"),
    ("It is $0.3\\text{ nats}$.", ["0.3\\text{nats"], "a unit in an equation"),
    ("**97.5 %** and *3* of them.", ["97.5 %", "3"], "emphasis hides nothing"),
    ("| He | 97.5 |\n|---|---|\n| Glorot | 97.4 |", ["97.5", "97.4"], "cells of a table"),
    ("> It reaches 97.5 %.", ["97.5 %"], "a quotation"),
    ("- It reaches 97.5 %.", ["97.5 %"], "an item of a list"),
    ("A note.[^1]\n\n[^1]: It is 97.5 %.", ["97.5 %"], "a footnote"),
    ("[It reaches 97.5 %](q3.html#fig-1)", ["97.5 %"], "the text of a link"),
    ("{% if x %}It reaches 97.5 %.{% endif %}", ["97.5 %"], "text between blocks"),
    ("He and Glorot differ by two percent.", ["two percent"], "a result in words"),
    ("It gains half a percentage point.", ["half a percentage point"], "a fraction in words"),
    ("Ninety-seven percent are right.", ["Ninety-seven percent"], "a compound in words"),
    ("It needs three more epochs.", ["three more epochs"], "a count of epochs"),
    ("It wins in nine seeds of ten.", ["nine seeds of ten"], "a share of the seeds"),
    ("It wins in nine out of ten runs.", ["nine out of ten runs"], "likewise"),
    ("One of five seeds fails.", ["One of five seeds"], "one of them, and how many there are"),
    ("One in four fails.", ["One in four"], "a rate"),
    ("He learns three times faster.", ["three times"], "a ratio"),
    ("He learns twice as fast.", ["twice as fast"], "a ratio in a word"),
    ("He needs half as many epochs.", ["half as many"], "the same the other way"),
    ("The loss is tenfold.", ["tenfold"], "a ratio"),
    ("It is faster by a factor of about four.", ["by a factor of about four"], "a ratio"),
    ("Two orders of magnitude lie between.", ["Two orders of magnitude"], "a ratio"),
    ("It is an order of magnitude faster.", ["an order of magnitude faster"], "likewise"),
    ("Two thirds of the units die.", ["Two thirds"], "a share"),
    ("A quarter of the seeds diverge.", ["A quarter of the seeds"], "a share of the seeds"),
    ("Hundreds of steps pass.", ["Hundreds of steps"], "a vague count is one too"),
    ("It overtakes in the third epoch.", ["third epoch"], "which epoch it was is a result"),
    ("It learns at thirty layers.", ["thirty layers"], "a depth that a study may change"),
    ("It differs by two\npercent.", ["two percent"], "a line may end in between"),
]
# A sentence, and why it may stand.
PLAIN: list[tuple[str, str]] = [
    ("The variance is $2 / 128 = 0.0156$.", "an equation is arithmetic"),
    ("The image has $784$ pixels.", "a bare number that no unit of a result follows"),
    ("$$\\sigma = \\sqrt{2 / 784} = 0.0505 .$$\n{#eq:he-1}", "an equation with its label"),
    ("$$\na = 97.5\n$$", "an equation of several lines"),
    ("## Q1a. The 3 ways to fail in 2024", "a heading"),
    ("The 3 ways to fail\n------", "an underlined heading"),
    ("See {{ cite('he2015', \"glorot2010\") }} and {{ ref('q2d') }}.", "calls"),
    ('{{ number("loss", "He {x}", epoch=1) }} and {{ setting("seeds.0") }}', "calls with numbers"),
    ('{{ claim("x", "No variant wins in 9 of 10 seeds.") }}', "a claim, which is tested"),
    ('{{ number("loss",\n  "He",\n  epoch=1) }}', "a call of several lines"),
    ('{{ figure("a-2", "The loss of each seed, in $10^{-3}$.") }}', "a caption without a result"),
    (
        '{{ table("a", "After " ~ each.epochs[0] ~ "\\u00a0epoch" ~ ("" if n == 1 else "s")'
        ' ~ " at " ~ const("95 %", "TARGET in f(1).py") ~ ".") }}',
        "a caption that looks its numbers up",
    ),
    ('{{ "one" if variants | length == 1 else "both" }}', "an expression over the study"),
    ("{{ 100 * setting('a') }} and {{ (2 / n) ** 0.5 | fixed(3) }}", "arithmetic on the study"),
    ("{{ variants | length + 1 }} {{ a[0] }} {{ a.get('h2') }}", "likewise, and what is found"),
    (
        "{% macro m(x, n) %}{{ x }}{{ n[0] }}{% endmacro %}{{ m(a.b, n=a.c) }}",
        "a macro that is given what is looked up",
    ),
    ("{% set n = a[1] %}{{ n }} {{ 'b' if n > 0.5 else 'c' }}", "a name for what is looked up"),
    ("{% for a in b %}{{ loop.index }}{{ a.c }}{% endfor %}", "what a loop goes over"),
    ("{{ a.format('x') ~ ' layer 2 ' ~ a | replace('x', 'y') }}", "words put together"),
    ("{% for layer in range(1, 4) %}x{% endfor %}", "a block"),
    ("{## checked on 2026-01-02 ##}", "a comment"),
    ("<!-- 97.5 % -->", "a comment of the page"),
    ('It has {{ const("784", "28 × 28 pixels") }} inputs.', "marked, with its source"),
    ("Call `Dense(128)` or ``a ` 3``.", "code in a line"),
    ("```python\nx = 97.5\n```", "a listing"),
    ("~~~\n97.5 %\n~~~", "the other fence"),
    ("Text.\n{: .answer #q1 style='width: 30%' }", "attributes"),
    ("[the paper](https://example.org/1502.01852 'v1')", "where a link leads"),
    ("[the paper][2] and [^3]\n\n[2]: https://a.org/10.1/x", "references of links and notes"),
    ("See https://arxiv.org/abs/1502.01852 or arXiv:1502.01852.", "an address"),
    ('<span style="width: 30%">a</span> &#8211; b', "markup"),
    ("1. First.\n2. Second.\n   10) Third.", "numbers of a list"),
    ("In layer 1 and in layers 2, 3 and 4, see layers 2–5 of the network.", "names of layers"),
    ("Failure mode 2 stays.", "a name that the paper gave"),
    ("See figure 3, Table 1 and section 2.", "places in a paper"),
    ("Q1a, q2d and Q1–Q3 say so.", "names of questions"),
    ("He et al. 2015 and Glorot and Bengio (2010) differ.", "works by year"),
    ("(Schoenholz et al., 2016; 2017a)", "works in brackets"),
    ("Kernels W2 are float32, hashes SHA-256, the PDF is PDF/UA-1.", "names with digits"),
    ("Python 3.11 and TensorFlow 2.21 ran it.", "versions"),
    ("A 2-D input.", "a dimension"),
    ("The 95 % interval and its 90 % bootstrap interval.", "the level names the interval"),
    ("Tested by two one-sided tests.", "the name of a test"),
    ("The two rules differ, and one of them wins.", "two things just named"),
    ("One of the two conditions fails.", "likewise"),
    ("Two variants and three conditions are compared in two steps.", "things, not measurements"),
    ("One seed gives every variant the same order.", "any seed"),
    ("The first epoch, and from the second step on.", "where training begins"),
    ("A ReLU passes half of the mean square, twice what is left.", "arithmetic in words"),
    ("A factor of two ends at $2^{30}$.", "an example, worked out"),
    ("Tens of layers, a few percent, many times.", "no number"),
    ("The times serve as an order of magnitude.", "a figure of speech, too"),
    ("As if it had one unit a layer.", "a figure of speech"),
    ("Someone often weighs a tender tone.", "words that hold the letters of numbers"),
]


@pytest.mark.parametrize(("text", "words", "why"), TYPED, ids=[why for *_, why in TYPED])
def test_a_typed_number_is_found(text: str, words: list[str], why: str) -> None:
    """The offending words are named, each once, and nothing beside them."""
    found = " ".join(each.words for each in literals.found(text))
    assert found == " ".join(words)


@pytest.mark.parametrize(("text", "why"), PLAIN, ids=[why for _, why in PLAIN])
def test_what_states_no_result_may_stand(text: str, why: str) -> None:
    """Names, arithmetic and what the author has marked are left alone."""
    assert literals.found(text) == []


@pytest.mark.parametrize(("text", "why"), PLAIN, ids=[why for _, why in PLAIN])
def test_a_number_beside_what_may_stand_is_found(text: str, why: str) -> None:
    """What is taken out takes nothing of the lines before and behind it along."""
    around = f"Before: 11.5.\n\n{text}\n\nAfter: 22.5 %.\n"
    last = around.count("\n")
    assert [(each.line, each.words) for each in literals.found(around)] == [
        (1, "11.5"),
        (last, "22.5 %"),
    ]


def test_every_number_is_refused_with_file_and_line(tmp_path: Path) -> None:
    """The build ends with a line for each, and says what to write instead."""
    answer = "## Q1a. T\n\nIt is 97.5 %.\n\nIt needs\ntwo epochs.\n"
    with pytest.raises(ReportError) as caught:
        Desk(tmp_path).compose({"q1a": answer})
    first, second = str(caught.value).splitlines()
    assert first == 'answers/q1a.md:3: the number "97.5 %" is typed'
    assert second.startswith('answers/q1a.md:6: the number "two epochs" is typed; look a result up')
    assert "const(" in second
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("path", sorted(ANSWERS.glob("*.md")), ids=lambda path: path.stem)
def test_no_answer_of_the_report_types_a_number(path: Path) -> None:
    """Each answer keeps to the rule."""
    assert literals.found(path.read_text("utf-8")) == []


def test_a_constant_shows_its_source(tmp_path: Path) -> None:
    """The number stands as it is written, with its source for whoever points at it."""
    html = Desk(tmp_path).brief('{{ const("60 000", "images of \\"MNIST\\" & <co>") }}')
    assert html == (
        '<p><span class="constant" title="images of &quot;MNIST&quot; &amp; &lt;co&gt;">'
        "60 000</span></p>"
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('const("many", "a source")', "marks no number"),
        ('const(784, "a source")', "marks no number"),
        ('const("784", "")', "needs its source"),
        ('const("784", "28")', "needs its source"),
        ('const("784")', "missing a required argument"),
    ],
)
def test_a_constant_needs_a_number_and_a_source(tmp_path: Path, call: str, said: str) -> None:
    """A mark without either is an error at its line."""
    with pytest.raises(ReportError, match=r"answers/q1a\.md:2: ") as caught:
        Desk(tmp_path).render("a\n{{ " + call + " }}")
    assert said in str(caught.value)


def test_a_constant_of_the_code_stands_where_its_source_says() -> None:
    """Every "NAME in file" that the answers give as a source is a name of that file."""
    answers = "".join(each.read_text("utf-8") for each in (ROOT / "report/answers").glob("*.md"))
    named = re.findall(r'const\("[^"]*", "([A-Z_]+) in ([\w/]+\.py)', answers)
    assert len(named) > 3
    for name, file in named:
        text = (ROOT / file).read_text("utf-8") if (ROOT / file).is_file() else ""
        assert re.search(rf"^{name} = ", text, re.M), f"{name} in {file}"

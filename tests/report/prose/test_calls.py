import math
from pathlib import Path

import pytest

from analysis.errors import ReportError
from report.words import metrics
from report.words.numbers import SPACE
from tests.made.synthetic import synthetic_results
from tests.report.desk import Desk, claim, two_runs


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk in an empty folder."""
    return Desk(tmp_path)


def shown(html: str) -> str:
    """Text of the only number in a line of prose."""
    return html.split(">", 1)[1].rsplit("</span>", 1)[0].replace(SPACE, " ")


@pytest.mark.parametrize(
    ("stat", "text"),
    [
        ("mean", "91.00 %"),
        ("min", "90.00 %"),
        ("max", "92.00 %"),
        ("sd", "1.41 percentage points"),
        ("n", "2"),
        # Student's t at 97.5 % with one degree of freedom is 12.706; the standard error is 1 %.
        ("half_width", "12.71 percentage points"),
        ("low", "78.29 %"),
        ("interval", "78.29 to 103.71 %"),
    ],
)
def test_a_number_is_the_statistic_over_seeds_with_its_unit(
    tmp_path: Path, stat: str, text: str
) -> None:
    """Two seeds at 90 and 92 % give the values one gets by hand."""
    desk = Desk(tmp_path, two_runs(0.90, 0.92))
    call = f'{{{{ number("test_accuracy", "HeNormal", stat="{stat}") }}}}'
    assert shown(desk.render(call)) == text


@pytest.mark.parametrize(
    ("metric", "stat", "n", "swept", "words"),
    [
        ("test_accuracy", "mean", 0, False, "Mean test accuracy: A, in “T”. Every run diverged."),
        ("epochs_to_95", "mean", 0, True, "of 95 %: A, in “T”. No run reached it."),
        ("test_accuracy", "n", 0, False, "test accuracy: A, in “T”. No run has one."),
        ("test_accuracy", "max", 1, True, "Highest test accuracy over its one run: A, in “T”."),
        ("test_accuracy", "max", 6, True, "Highest test accuracy over 6 runs: A, in “T”."),
        ("test_accuracy", "max", 6, False, "Highest test accuracy over 6 seeds: A, in “T”."),
    ],
)
def test_a_number_says_over_what_it_is_taken(
    metric: str, stat: str, n: int, swept: bool, words: str
) -> None:
    """Seeds, or runs where a seed has several; and why there is nothing where there is nothing."""
    nowhere = (math.nan, math.nan)
    said = metrics.about(metric, stat, {"variant": "A"}, "T", n, nowhere, swept=swept)
    assert said.replace(SPACE, " ").endswith(words)


def test_a_number_says_what_it_is(tmp_path: Path) -> None:
    """Its element carries metric, variant, experiment, statistic, n and interval."""
    html = Desk(tmp_path, two_runs(0.90, 0.92)).render('{{ number("test_accuracy", "HeNormal") }}')
    expected = (
        'data-metric="test_accuracy" data-experiment="base" data-variant="HeNormal" '
        'data-stat="mean" data-n="2" data-low="0.78293795" data-high="1.0370620"'
    )
    assert expected.rsplit("0", 1)[0] in html


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('number("test_accuracy", "HeNormal", digits=1)', "91.0 %"),
        ('number("test_accuracy", "HeNormal", unit=False)', "91.00"),
        ('number("kernel_max_abs", "Zeros", layer=1, moment="initial")', "0"),
        ('theory("kernel_sd", "HeNormal", layer=1)', "0.05051"),
        ('theory("kernel_variance", "HeNormal", layer=2)', "0.01563"),
    ],
)
def test_digits_units_and_theory(tmp_path: Path, call: str, text: str) -> None:
    """Digits and units can be chosen, and theory gives He's sqrt(2 / fan_in) and 2 / fan_in."""
    html = Desk(tmp_path, two_runs(0.90, 0.92)).render("{{ " + call + " }}")
    assert (shown(html) if html.startswith("<") else html) == text


def test_runs_that_diverged_have_no_number(tmp_path: Path) -> None:
    """Where every run of a variant diverged the prose says so, and for one run nothing scatters."""
    lost = {("HeNormal", seed): 1 for seed in range(2)}
    desk = Desk(tmp_path, synthetic_results(seeds=2, epochs=2, diverged=lost))
    assert shown(desk.render('{{ number("test_accuracy", "HeNormal") }}')) == "diverged"
    assert shown(desk.render('{{ number("epochs_to_95", "Zeros") }}')) == "never"
    single = Desk(tmp_path, synthetic_results(seeds=1, epochs=2))
    text = single.render('{{ number("test_accuracy", "HeNormal", stat="sd") }}')
    assert shown(text) == "not defined for a single run"


def test_settings_read_as_a_sentence_has_them(desk: Desk) -> None:
    """Values of the study are written without Python's brackets and quotes."""
    text = desk.render(
        '{{ setting("network.hidden") }}; {{ setting("training.optimizer.name") }}; '
        '{{ setting("training.validation_split") }}; {{ setting("seeds.1") }}; '
        "{{ variants[0].name }}"
    )
    assert text == "128 and 64; Adam; 0.2; 1; Zeros"


MISTAKES = [
    ('{{ number("test_acuracy", "HeNormal") }}', "did you mean 'test_accuracy'?"),
    ('{{ number("test_accuracy", "HeNorm") }}', "did you mean 'HeNormal'?"),
    ('{{ number("test_accuracy", "HeNormal", experiment="bas") }}', "did you mean 'base'?"),
    ('{{ number("loss", "HeNormal", epoch=9) }}', "no epoch 9; there is 1, 2"),
    ('{{ number("kernel_sd", "HeNormal", layer=4) }}', "no layer 4; there is 1, 2, 3"),
    ('{{ number("test_accuracy", "HeNormal", stat="median") }}', "no statistic 'median'"),
    ('{{ number("seed", "HeNormal") }}', "no metric of the runs 'seed'"),
    ('{{ number("test_accuracy") }}', "missing 1 required positional argument: 'variant'"),
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


def test_the_line_is_found_inside_of_a_loop(desk: Desk) -> None:
    """The line is that of the call, not that of the loop or of the compiled template."""
    text = "a\n{% for v in variants %}\nb\n{{ number('x', v.name) }}\n{% endfor %}"
    with pytest.raises(ReportError, match=r"^answers/q1a\.md:4: "):
        desk.render(text)


@pytest.mark.parametrize("verdict", ["supported", "not supported", "inconclusive"])
def test_a_claim_shows_verdict_and_evidence(tmp_path: Path, verdict: str) -> None:
    """The statement is followed by the verdict, the value with unit and interval, n and method."""
    desk = Desk(tmp_path, level=claim(verdict=verdict, note="mean of 3 - 1"))
    html = desk.render('{{ claim("level", "He and Glorot end *level*.") }}').replace(SPACE, " ")
    assert 'He and Glorot end *level*. <span class="verdict' in html
    assert f" {verdict}</span>" in html
    evidence = "−0.035 percentage points, [−0.110, 0.040], n = 20, paired TOST; mean of 3 − 1"
    assert evidence in html


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("supported", "yes"), ("not supported", "no"), ("inconclusive", "open")],
)
def test_a_sentence_is_chosen_by_the_verdict(tmp_path: Path, verdict: str, words: str) -> None:
    """One sentence of three stands, that of the verdict; asking states no claim."""
    desk = Desk(tmp_path, level=claim(verdict=verdict))
    call = '{% if supported("level") %}yes{% elif refuted("level") %}no{% else %}open{% endif %}'
    assert desk.render(call) == words
    assert not desk.prose.uses.claims


def test_the_verdict_of_an_unknown_claim_is_an_error(desk: Desk) -> None:
    """The file, the line and what is known are named, as for the claim itself."""
    with pytest.raises(ReportError, match=r"^answers/q1a\.md:2: .*claim.*levle.*level"):
        desk.render('a\n{% if supported("levle") %}b{% endif %}')


def test_a_claim_is_anchored_once(desk: Desk) -> None:
    """A claim that is stated twice has one id, at its first place."""
    text = desk.render('{{ claim("level") }} {{ claim("level") }}')
    assert text.count('id="claim-level"') == 1


def test_an_unused_figure_is_an_error(desk: Desk) -> None:
    """Every figure that can be drawn has to be shown."""
    with pytest.raises(ReportError, match=r"answers: no answer shows the figure 'curve'"):
        desk.compose({}, figures=("curve",))


def test_a_broken_reference_is_an_error(desk: Desk) -> None:
    """A reference that leads nowhere is reported with its line and the nearest label."""
    answer = '## Q1a. T\n\nSee {{ ref("eq:sum") }}.\n\n$$x$$\n{#eq:sums}\n'
    with pytest.raises(ReportError, match=r"q1a\.md:3: there is no label 'eq:sum' .*'eq:sums'"):
        desk.compose({"q1a": answer})


def test_references_cross_pages_on_the_site_and_not_on_paper(desk: Desk) -> None:
    """The same reference is an address of another page, or an anchor in the one document."""
    document = desk.compose(
        {
            "q1b": '## Q1b. T\n\n{{ figure("curve", "Seen *here*.") }}',
            "q2a": '## Q2a. T\n\n{{ ref("fig:curve") }}, {{ ref("q1b") }}, {{ ref("q1b-part") }}',
            "q1a": "## Q1a. T\n\n### A part {#q1b-part}\n",
        },
        figures=("curve",),
    )
    section = next(each for each in document.sections if each.name == "q2a")
    site, paper = (document.section(section, target) for target in ("site", "paper"))
    assert (
        f'<a class="ref" href="q1.html#fig-curve" data-preview="fig-curve">Figure{SPACE}1</a>'
        in site
    )
    assert '<a class="ref" href="q1.html#q1b" data-preview="q1b">Q1b</a>' in site
    assert '<a class="ref" href="q1.html#q1b-part" data-preview="q1b-part">A part</a>' in site
    assert f'<a class="ref" href="#fig-curve">Figure{SPACE}1</a>' in paper


def test_a_work_is_noted_beside_its_first_citation_in_a_section(desk: Desk) -> None:
    """The site shows the whole reference on demand, paper at its foot; later ones are links."""
    document = desk.compose({"q2a": '## Q2a. T\n\n{{ cite("one") }}, {{ cite("one", "two") }}'})
    section = next(each for each in document.sections if each.name == "q2a")
    site, paper = (document.section(section, target) for target in ("site", "paper"))
    assert site.count('<span class="note" role="note">A.\u00a0Kingma (2001). Alone.') == 1
    assert site.count('<input class="note-switch" type="checkbox" aria-label="Reference: ') == 2
    assert "note-switch" not in paper


def test_an_aside_stands_beside_the_text(desk: Desk) -> None:
    """A note is inline on the site, with a switch for narrow screens, and a footnote on paper."""
    document = desk.compose({"q2a": '## Q2a. T\n\nWord.{{ note("An *aside*, see.") }}'})
    section = next(each for each in document.sections if each.name == "q2a")
    site, paper = (document.section(section, target) for target in ("site", "paper"))
    assert (
        'Word.&#8288;<input class="note-switch" type="checkbox" aria-label="Note">'
        '<span class="note" role="note">An <em>aside</em>, see.</span>&#8288;' in site
    )
    assert "An <em>aside</em>, see." in paper
    assert "<input" not in paper


def test_a_figure_has_a_caption_and_another_text_in_its_place(desk: Desk) -> None:
    """On the site it is an inline drawing in the colours of the page, on paper a file."""
    answers = {"q1b": '## Q1b. T\n\n{{ figure("curve", "Seen *here*.") }}'}
    document = desk.compose(answers, figures=("curve",))
    section = next(each for each in document.sections if each.name == "q1b")
    site, paper = (document.section(section, target) for target in ("site", "paper"))
    assert 'role="img" aria-label="What curve shows"' in site
    assert '<path id="curve-p" fill="var(--ink)"/>' in site
    assert 'Seen <em>here</em>. <span class="figure-links">' in site
    assert '<img src="figures/curve.svg" alt="What curve shows">' in paper


def test_an_answer_needs_a_title_and_a_file(desk: Desk) -> None:
    """An answer without a heading of its own, or one that is not there, is an error."""
    with pytest.raises(ReportError, match=r"q1a\.md:1: an answer begins with its title"):
        desk.compose({"q1a": "Text only."})


def test_a_listing_is_the_source_of_the_function(desk: Desk) -> None:
    """The lines shown are those of the file, decorators included, and nothing after them."""
    source = "import x\n\n@x.y\ndef f(a):\n\n    return a < 1\n\n\ndef g(): ...\n"
    (desk.folder / "m.py").write_text(source, "utf-8")
    html = desk.render('{{ code("m.py", "f") }}')
    assert "<code>m.py</code>, lines 3–6" in html
    assert "return</span>" in html
    assert "&lt;" in html
    assert ">g<" not in html
    with pytest.raises(ReportError, match=r"no definition in m\.py: 'h'"):
        desk.render('{{ code("m.py", "h") }}')


def test_a_figure_in_a_block_that_is_left_out_is_not_unused(desk: Desk) -> None:
    """Where a study lacks what a figure shows, its answer may leave it out."""
    answer = (
        '## Q1b. T\n\n{% if "none" in study.experiments %}{{ figure("curve", "A.") }}{% endif %}'
    )
    document = desk.compose({"q1b": answer}, figures=("curve",))
    assert not document.figures

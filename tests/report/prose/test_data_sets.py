"""Every sentence of the report on other data: what is MNIST's is said of MNIST only."""

import functools
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from analysis.claims import testing
from analysis.claims.claim import Claim
from analysis.data.dataset import Description
from analysis.data.guessing import Guess
from analysis.results.cache import Cache
from analysis.results.frames import Results
from build import ROOT
from report import figures, tables
from report.figures.draw.definition import Definition
from report.prose.calls import Prose
from report.prose.citations import Bibliography
from report.prose.numbers.lookup import Numbers
from report.words import plain
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of
from tests.made.sites.drawn import xs, ys

ANSWERS = ROOT / "report" / "answers"


class Made(NamedTuple):
    """A data set that a study may have, the sentences on it that must stand, and its levels."""

    about: Description
    says: tuple[str, ...]
    stalled: str
    trained: str


CASES = {
    "Letters": Made(
        Description("Letters", "1" * 64, 124_800, 20_800, 400, 26, "0 to 255", "1 … 26"),
        (
            "measures on Letters what they are worth",
            "Letters has 124,800 training and 20,800 test images of 400 pixels each, in 26 classes",
            "Its source, as the study file names it, is A. Maker, CC0",
            "Its labels are 1 … 26; the report counts them in this order",
            "guessing has an accuracy of 3.8 % and a loss of 3.2581 nats",
            "which is 3.2581 for the 26 classes of Letters",
            "In the network $400$–$128$–$64$–$26$",
            "for $400$ inputs, layers of $128$ and 26 classes",
        ),
        "14.5",
        "46.6",
    ),
    "Sides": Made(
        Description("Sides", "2" * 64, 1776, 314, 256, 2, "0 to 1", "-1, 1"),
        (
            "the most frequent class has 80.3 % of the test images",
            "allow a loss of 0.4814 nats",
            "answers by the frequencies of the classes alone",
            "which is 0.6931 for the 2 classes of Sides",
        ),
        "82.4",
        "89",
    ),
    "Fashion": Made(
        Description("Fashion", "3" * 64, 60_000, 10_000, 784, 10, "0 to 255"),
        (
            "Fashion has $784$ pixels",
            "guessing has an accuracy of 10.0 % and a loss of 2.3026 nats",
            "has a test accuracy below twenty percent",
        ),
        "20",
        "50",
    ),
}
NAMED = r"MNIST|\bdigits?\b|handwritten"
NUMBERED = r"\bten classes|2\.302|\b784\b|0\.1135|11\.35|60.?000"
"""Numbers that data with other sizes and another number of classes have not."""
TRUE = (
    "shows a far smaller advantage on MNIST than on a synthetic task",
    "Table 1 has test errors on Shapeset, MNIST, CIFAR-10",
    "by much and on MNIST by little",
    "The script trains on MNIST",
    "It was declared for MNIST, where it is about the standard error",
    "On Fashion-MNIST the start has the same order",
    "On Fashion-MNIST depth tells the same two apart",
)
"""Parts of the sentences that speak of MNIST and are true whatever the data."""


@functools.cache
def results(name: str) -> Results:
    """A first look at all experiments on them, made up; no file of these data is there."""
    about = CASES[name].about
    own = f"dataset={{path='/nowhere/set.npz', name='{name}', source='A. Maker, CC0'}}"
    whole_study = load_study("quick", [own])
    kept = {
        key: each
        for key, each in whole_study.experiments.items()
        if all(point.settings.dataset.name == name for point in each.points)
    }
    study = whole_study.model_copy(update={"experiments": kept})
    if name == "Sides":
        shares = {
            p.settings.training.data_fraction for e in study.experiments.values() for p in e.points
        }
        about = replace(about, guesses=tuple(Guess(0.2, f, 0.8025, 0.4814, False) for f in shares))
    found = results_of(study, about.classes, features=about.features)
    return replace(found, data={name: about})


@functools.cache
def claims(name: str) -> dict[str, Claim]:
    """Every claim, tested on them."""
    return testing.evaluate(results(name))


@functools.cache
def whole(name: str) -> tuple[str, ...]:
    """All sentences of the report: answers, captions, notes, claims, tables, alternatives."""
    prose = Prose(
        Numbers(results(name), Cache(None), "evidence"),
        claims(name),
        Bibliography(ANSWERS / "references.bib"),
        ROOT,
        figures=figures.NAMES,
        tables=tables.NAMES,
    )
    made = results(name).study
    texts = [prose.render(path.read_text("utf-8"), path.name) for path in ANSWERS.glob("*.md")]
    texts += [
        value
        for use in prose.uses.records
        for value in vars(use).values()
        if isinstance(value, str)
    ]
    texts += [text for claim in claims(name).values() for text in (claim.statement, claim.method)]
    texts += list(_cells(name))
    shown = [each for each in figures.NAMES if figures.load(each).experiment in made.experiments]
    texts += [_alternative(each, name) for each in shown]
    words = (plain.opened(text, markup=False) for text in texts)
    return tuple(line for text in words for line in re.split(r"\n|(?<=[.!?]) ", text))


def _alternative(figure: str, name: str) -> str:
    found = figures.load(figure)
    return found.alt(results(name), found.rows(results(name)))


def _cells(name: str) -> Iterator[str]:
    for each in tables.NAMES:
        table = tables.load(each)(results(name), claims(name))
        yield from (cell.text for row in table.rows for cell in row)
        yield from table.notes


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_said_that_holds_of_mnist_alone(name: str) -> None:
    """No name, size, share or loss of MNIST stands in a sentence that is not about MNIST."""
    about = CASES[name].about
    own = rf"\b{about.features}\b|{math.log(about.classes):.4f}|{about.train_samples:,}"
    sought = NAMED if about.classes == 10 else f"{NAMED}|{NUMBERED}"
    foreign = [
        line
        for line in whole(name)
        if re.search(sought, re.sub(own, "", line)) and not any(part in line for part in TRUE)
    ]
    assert foreign == []


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_is_the_data_s_own(name: str) -> None:
    """Names, counts, guessing and source come from the data and the study."""
    text = " ".join(whole(name)).replace("\u00a0", " ")
    assert [part for part in CASES[name].says if part not in text] == []


FROZEN = "at most 1 distinct units in a layer"
"""The note of a claim, whose words are part of what was frozen."""
MANY_OF_ONE = re.compile(
    r"(?<![\d.,:])\b(?<!layer )(?<!epoch )1 (?:[a-z]+ )?"
    r"(?:epochs|seeds|runs|layers|units|points|samples|variants|settings|initializers|experiments)\b"
)


@pytest.mark.parametrize("name", CASES)
def test_one_of_a_thing_has_no_plural(name: str) -> None:
    """A study of one epoch or one seed says so, in answers, captions, tables and alternatives."""
    assert any(re.search(r"\b1 epoch\b", line) for line in whole(name))
    told = [line.replace(FROZEN, "") for line in whole(name)]
    assert [line for line in told if MANY_OF_ONE.search(line)] == []


@pytest.mark.parametrize("name", CASES)
def test_levels_lie_on_the_way_from_guessing_to_perfection(name: str) -> None:
    """The sentence, its method and its margin have the same number."""
    made = CASES[name]
    slow, depth = claims(name)["deep-sigmoid-slow"], claims(name)["trainable-depth"]
    spelled = {"20": "twenty"}.get(made.stalled, made.stalled)
    assert f"test accuracy below {spelled} percent" in slow.statement
    assert slow.margin == float(made.stalled)
    assert f"“reaches {made.trained} % if" in depth.method


@pytest.mark.parametrize("name", CASES)
def test_the_line_of_guessing_stands_at_the_data_s_own_loss(name: str) -> None:
    """The figure of thirty layers has its dashed line there, and its words say so."""
    found: Definition = figures.load("thirty-layers")
    about = CASES[name].about
    loss = 0.4814 if name == "Sides" else math.log(about.classes)
    (axes, *_) = found.draw(results(name)).figure.axes
    across = [ys(line) for line in axes.lines if xs(line).tolist() == [0, 1]]
    assert [rule.tolist() for rule in across] == [pytest.approx([loss, loss])]
    assert f"guessing costs {loss:.4f}" in _alternative("thirty-layers", name)

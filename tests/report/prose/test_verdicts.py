"""Every answer under every verdict: it asserts nothing that its claims do not support.

The published results are tested once and their records changed: no run, no statistic. An answer is
its Markdown, its captions and its asides; what a claim states is left out, since its verdict stands
beside it. Three things are held against each other:

- what the form `{% supported %}` writes for a supported claim stands nowhere under another verdict;
- `ASSERTED`, sentences known to lean on a claim, literally, whoever writes them and where;
- `OUTCOME`, words for how a training ended: outside of every form a sentence with one of them has
  a word of `HEDGE`, by which it is theory, a question or another's finding, or is in `GENERAL`.

The last knows words, not meanings. It passes a finding in other words ("Glorot stays near
guessing"), one beside a hedge that has nothing to do with it, and a wording for another verdict
that asserts too much; and which claim a sentence leans on is for its author to know. Those are read
by people.
"""

import re
from collections.abc import Iterable, Iterator
from typing import get_args

import pytest

from analysis.claims.claim import Verdict
from report import tables
from report.prose.source.verdicts import FILTER
from report.prose.uses import ClaimUse
from tests.made.sites.told import (
    changed,
    claims,
    line,
    none,
    prose,
    published,
    sources,
    supported,
    told,
    whole,
)

OTHERS: tuple[Verdict, ...] = tuple(each for each in get_args(Verdict) if each != "supported")

ASSERTED: dict[str, tuple[str, ...]] = {
    "zeros-never-learns": (
        "in the trained networks every kernel is still zero",
        "The trained networks bear this out: every kernel is still exactly zero",
        "they are the same zeros as before",
        "it stops a ReLU network from learning",
    ),
    "he-glorot-level": ("it ends level with Glorot’s",),
    "none-wins": (
        "None of the three that learn wins there",
        "and He’s hardly matters for where it ends",
        "none of those that learn wins: every two of them are shown",
    ),
    "ranking-needs-many-seeds": (
        "One run each cannot rank them",
        "compares seeds as much as initializers",
    ),
    "early-speed": (
        "the initializer changes how fast training begins",
        "This is the order in which theory puts the gradients",
        "HeNormal is ahead, then GlorotNormal",
    ),
    "pairing-fades": ("how much it buys depends on when one looks",),
    "random-normal-is-he-in-layer-1": ("is thus, but for that margin, a comparison of the later",),
    "edge-of-chaos": ("the best variance is the critical one of theory or next to it",),
    "kernel-gradients-level": ("a vanishing error need not starve",),
    "length-variance": ("A good variance keeps the signal of narrow layers on average only",),
    "too-large-hurts-too-small-slows": ("The asymmetry has a reason",),
    "sgd-exposes-what-adam-hides": ("how much Adam hides", "Adam hides a poor scale that"),
    "glorot-is-later": (
        "more than doubles the time to learn",
        "takes more than twice the steps of He’s to get",
        "it learns sooner: Glorot",
    ),
    "glorot-catches-up": ("It is a delay, not a stall", "learns later, not never"),
    "same-variance-level": (
        "layers uniform and orthogonal kernels of He’s variance end",
        "The name hardly matters",
    ),
    "smaller-variance-behind": (
        "it decides what is learned in the time given",
        "rules of half of it or less are behind after the same steps",
        "half of He’s variance, or less, is behind by",
    ),
    "own-rate-does-not-level": ("does not make up for a poor start: ",),
    "paths-make-it-matter-less": (
        "learn about as well from either rule",
        "the two rules end about level",
    ),
    "glorot-for-tanh-is-not-about-accuracy": (
        "This sounds odd",
        "He is no worse a start in a short training",
    ),
    "shallow-choice-is-small": ("the choice matters little",),
    "constant-is-a-symmetry": (
        "works as a single unit",
        "watches equal units stay equal",
        "learns as if it had one unit a layer",
    ),
    "zero-output-level": (
        "in the output kernel alone it costs less than",
        "branch; the output kernel on its own",
    ),
}
"""Patterns of what today's answers say because a claim is supported."""
STATED = {
    "pairing-matters-early",
    "sampled-variance-follows-formula",
    "signal-at-initialization",
    "gradient-at-initialization",
    "variance-factor",
    "correlation-follows-map",
    "glorot-backward-ratio",
    "glorot-backward-recursion",
    "optimizer-softens",
    "adam-is-not-enough",
    "deep-selu-needs-lecun",
    "deep-sigmoid-slow",
    "orthogonal-tanh",
    "trainable-depth",
    "gain-two",
    "he-is-later-when-deeper",
    "fashion-deep",
    "fashion-early-speed",
    "convolution-early-speed",
    "zeros-stuck-in-tanh-not-in-sigmoid",
    "dropout-breaks-symmetry",
}
"""Claims that an answer states and no sentence leans on."""

OUTCOME = re.compile(
    r"\b(?:ahead|(?:ends?|falls?|stays?) behind|beats?|outperforms?|wins?|winner|best|worst|better"
    r"|worse|faster|slower|level with|(?:is|are|ends?) level|stall(?:s|ed)?|learns|learned"
    r"|fail(?:s|ed)|diverges|converges|for ever|never (?:learn|train|reach|recover|win)\w*|harmless"
    r"|cannot (?:break|learn|train|help|replace|mend)|matters (?:little|less|most|much)"
    r"|hides|exposes|softens|rescues|bears? \w+ out)\b",
    re.I,
)
"""Words for how a training ended."""
HEDGE = re.compile(
    r"\b(?:whether|if|unless|should|would|may|might|can|could|theory|expect(?:s|ed)?|assumes?"
    r"|supposed?|derives?|in exact arithmetic)\b|\[cite\]|\[equation\]|\?",
    re.I,
)
"""Words by which a sentence is theory, a question, or another's finding."""
GENERAL = {
    "A line that stays there has learned nothing",
    "A run that diverges is no test of that equation",
    "from He’s rule it doubles by",
    "the p-values are taken from the smallest up",
    "it does not promise a better end.",
    "Training then stalls, diverges, or merely starts more slowly;",
    "A gradient of such a size is not yet a stall:",
    "A slower start need not mean a worse end:",
    "there a network of 22 layers converges from both rules",
    "Where GlorotNormal diverges too",
    "Where every run of a stack diverges from both rules",
    "Adam’s accuracy less SGD’s is",
    "A network is said to have stalled below",
    "A run that never reaches it counts",
    "A claim that was changed after its runs",
    "But for one experiment, in which each of two initializers has the best of five",
}
"""Beginnings of sentences that have such a word and neither assert a finding nor need a hedge."""


def outside() -> str:
    """What answers say whatever the verdicts, and the notes below their tables."""
    own = prose({})
    own.environment.filters[FILTER] = lambda *_: ""
    notes = [
        note for name in tables.NAMES for note in tables.load(name)(published(), claims()).notes
    ]
    return "\n".join([*(told(own, name).words for name in sources()), *notes])


def asserting(text: str) -> Iterator[str]:
    """The sentences, or parts between stops, that tell an outcome and do not hedge it."""
    for each in re.split(r"\n|(?<=[.;:!?])\s", text):
        if OUTCOME.search(each) and not HEDGE.search(each):
            yield each.strip()


def found(patterns: Iterable[str], text: str) -> list[str]:
    """Which of the patterns a text has."""
    return [each for each in patterns if re.search(each, text)]


def test_words_of_a_supported_claim_stand_under_no_other_verdict() -> None:
    """In no answer, caption or aside; and something else is said for the claim."""
    wrong = []
    for claim in claims():
        own = {words for page in supported().values() for c, _, words in page.said if c == claim}
        for verdict in OTHERS:
            pages = changed(claim, verdict)
            text = line(whole(pages))
            wrong += [(claim, verdict, words) for words in own if words in text]
            verdicts = {v for page in pages.values() for c, v, _ in page.said if c == claim}
            assert verdicts == ({verdict} if own else set())
    assert wrong == []


def test_a_known_assertion_stands_while_its_claim_is_supported_and_no_longer() -> None:
    """Each pattern is found under the verdict that it needs, and under no other, wherever it is."""
    text = whole(supported())
    missing = [each for own in ASSERTED.values() for each in own if not found([each], text)]
    assert missing == []
    wrong = [
        (claim, verdict, each)
        for claim, own in ASSERTED.items()
        for verdict in OTHERS
        for each in found(own, whole(changed(claim, verdict)))
    ]
    assert wrong == []


@pytest.mark.parametrize("verdict", OTHERS)
def test_a_report_without_a_supported_claim_asserts_nothing(verdict: Verdict) -> None:
    """None of the known assertions stands where no claim is supported."""
    every = [each for own in ASSERTED.values() for each in own]
    assert found(every, whole(none(verdict))) == []


def test_every_claim_is_leaned_on_or_only_stated() -> None:
    """A claim has a sentence under the form and a known assertion, or is listed as only stated."""
    own = prose({})
    leaned = {claim for name in sources() for claim, _, _ in told(own, name).said}
    assert leaned == set(ASSERTED)
    assert leaned | STATED == {use.claim.id for use in own.uses.of(ClaimUse)} == set(claims())
    assert not leaned & STATED


def test_outside_of_the_form_nothing_sounds_like_a_finding() -> None:
    """A sentence that tells how a training ended is under the form, or says why it need not be."""
    loose = list(asserting(outside()))
    assert [each for each in loose if not each.startswith(tuple(GENERAL))] == []
    assert {each for each in GENERAL if not any(own.startswith(each) for own in loose)} == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "A layer of many units works as a single unit for ever.",
        "It explains why any other constant is a symmetry that training cannot break.",
        "In the first epoch HeNormal is ahead, then GlorotNormal.",
        "Why the optimizer hides part of it",
        "Why theory likes it; He beats Glorot at every depth.",
        "Plain gradient descent stalls there.",
        "Glorot’s rule then falls behind.",
        "In every network He and Glorot are level.",
    ],
)
def test_a_finding_outside_of_the_form_is_found(sentence: str) -> None:
    """Sentences of earlier versions, and such as one writes; a hedge excuses its own part only."""
    assert list(asserting(f"One more.\n{sentence} And so on."))
    assert not list(asserting(f"If so, {sentence.partition('; ')[0].rstrip('.')}, in theory."))

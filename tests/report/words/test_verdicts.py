"""How verdicts are shown: beside their sentence, at the top, in the data, at the end of a build."""

import math
from typing import Any

import pytest

from analysis.claims.against.standing import Repeat, Standing
from analysis.claims.claim import Quantity, Verdict
from analysis.errors import ReportError
from report.words import verdicts
from report.words.numbers import SPACE
from tests.made.sites.desk import claim

CHANGED = Standing("changed", "supported")
SAME = Standing("published", "supported")
NEW = Standing("unpublished")
LOST: Verdict = "contradicted"


CLAIMS = {
    "a": claim(id="a", family="verification"),
    "b": claim(id="b", verdict=LOST, statement="B holds."),
    "c": claim(
        id="c",
        verdict="inconclusive",
        value=math.nan,
        low=math.nan,
        n=0,
        note=("too few seeds: ", Quantity(2, "count")),
    ),
}
STANDINGS = {"a": CHANGED, "b": CHANGED, "c": SAME}


def test_the_end_of_a_build_counts_and_names_what_flipped() -> None:
    """The count comes first, then a line for each verdict that is not the published one."""
    assert verdicts.summary(CLAIMS, STANDINGS) == [
        "2 findings: 0 supported, 1 contradicted, 1 inconclusive.",
        "1 verification: 1 supported, 0 contradicted, 0 inconclusive.",
        "2 of them were re-tested at other settings than the published ones.",
        "  b: supported (published) → contradicted",
        "  c: supported (published) → inconclusive",
    ]


def test_a_build_as_published_has_its_count_alone() -> None:
    """Where nothing differs, and where nothing is published, nothing more is said."""
    for standing in (SAME, NEW):
        assert verdicts.summary({"a": claim(id="a")}, {"a": standing}) == [
            "1 finding: 1 supported, 0 contradicted, 0 inconclusive."
        ]
    assert verdicts.summary({}, {}) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, ""),
        ({"p": 0.0312}, "p = 0.031"),
        (
            {"p": 0.001, "p_holm": 0.02, "among": 20},
            "p = 0.001, holds among 20 findings (Holm: p = 0.02)",
        ),
        (
            {"p": 0.002, "p_holm": 0.04, "among": 20},
            "p = 0.002, does not hold among 20 findings (Holm: p = 0.04)",
        ),
        ({"p": 0.9, "p_holm": 1.0, "among": 20, "verdict": LOST}, "p = 0.9"),
        (
            {"p": 0.0, "expects": 0.0, "power": 0.741},
            "p < 10⁻⁹⁹, power 74 % at an effect of 0",
        ),
    ],
)
def test_the_strength_of_a_claim_is_told_as_far_as_it_has_one(
    fields: dict[str, Any], told: str
) -> None:
    """The p-value, for a supported finding what Holm's method leaves of it, and the power."""
    assert verdicts.strength(claim(**fields)).replace(SPACE, " ") == told


@pytest.mark.parametrize(
    ("fields", "verdict", "words"),
    [
        ({}, None, ""),
        ({}, LOST, "replicated 0 of 1"),
        ({"p": 0.001, "p_holm": 0.02, "among": 20}, None, "holds among all 20"),
        (
            {"p": 0.002, "p_holm": 0.04, "among": 20},
            "inconclusive",
            "not among all 20; replicated 0 of 1",
        ),
        ({"p": 0.9, "p_holm": 1.0, "among": 20, "verdict": LOST}, LOST, "replicated 1 of 1"),
    ],
)
def test_what_a_verdict_is_worth_is_told_in_plain_words(
    fields: dict[str, Any], verdict: Verdict | None, words: str
) -> None:
    """Whether it holds in its family, where it is supported, and in how many replications."""
    repeats = (Repeat("a", "Chip", verdict, 0.0, 0.0, 0.0, 8),) if verdict else ()
    own = claim(**fields)
    assert verdicts.weighed(own, Standing("unpublished", replications=repeats)) == words
    assert verdicts.weighed(own, None) == words.partition("replicated")[0].rstrip("; ")


def test_one_claim_is_one() -> None:
    """A lone claim that was re-tested has no plural in the summary."""
    summary = verdicts.summary({"b": CLAIMS["b"]}, {"b": CHANGED})
    assert summary[1] == "1 of them was re-tested at other settings than the published ones."


@pytest.mark.parametrize(
    ("standing", "verdict", "words"),
    [
        (NEW, "supported", ""),
        (SAME, "supported", ""),
        (SAME, LOST, "tested anew; published as supported"),
        (CHANGED, "supported", "re-tested at your settings"),
        (CHANGED, LOST, "re-tested at your settings; published as supported"),
    ],
)
def test_a_verdict_says_how_it_stands_to_the_published_one(
    standing: Standing, verdict: Verdict, words: str
) -> None:
    """Nothing stands beside one that is as published, or that nobody has published."""
    assert verdicts.retested(standing, verdict) == words


def test_strictness_lists_what_is_contradicted_without_a_word() -> None:
    """The error names each with its evidence, and is the report's, not the input's."""
    with pytest.raises(ReportError) as caught:
        verdicts.refuse_unanswered(CLAIMS, {"a", "c"})
    first, *listed = str(caught.value).splitlines()
    assert first.startswith("--strict: 1 claim is contradicted, and no sentence says so; ")
    assert [line.split(":")[0].strip() for line in listed] == ["b"]
    assert "−0.035 percentage points" in listed[0]
    assert caught.value.exit_code == 1
    verdicts.refuse_unanswered(CLAIMS, {"b"})
    verdicts.refuse_unanswered({"a": CLAIMS["a"], "c": CLAIMS["c"]}, ())
    verdicts.refuse_unanswered({}, ())


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([], ""),
        (["unfrozen"] * 3, "No claim was frozen before the runs on which it rests were trained."),
        (["frozen"] * 3, "Every claim was frozen before the runs on which it rests were trained."),
        (
            ["frozen", "frozen", "unfrozen"],
            "2 of 3 were frozen before the runs on which they rest were trained.",
        ),
        (
            ["changed", "unfrozen"],
            "No claim was frozen before the runs on which it rests were trained; 1 was changed "
            "after.",
        ),
    ],
)
def test_what_was_frozen_is_one_sentence(states: list[Any], told: str) -> None:
    """Of all claims together, with how many were changed after."""
    stands = {str(n): Standing("unpublished", frozen=each) for n, each in enumerate(states)}
    assert verdicts.frozen(stands) == told


def test_a_claim_that_was_changed_after_its_runs_is_told_at_the_end_of_a_build() -> None:
    """By its name; others are not."""
    claims = {"level": claim(), "other": claim(id="other")}
    stands = {
        "level": Standing("unpublished", frozen="changed"), "other": Standing("unpublished"),
    }  # fmt: skip
    lines = verdicts.summary(claims, stands)
    assert lines[1:] == ["  level: changed after its runs were trained"]


@pytest.mark.parametrize(
    ("standings", "told"),
    [
        (STANDINGS, "2 of 3 verdicts differ from the published."),
        ({**STANDINGS, "c": NEW}, "1 of 2 verdicts differs from the published."),
        (dict.fromkeys(CLAIMS, NEW), ""),
        ({"a": SAME, "b": Standing("published", LOST), "c": NEW}, "All 2 verdicts as published."),
        ({"a": SAME, "b": NEW, "c": NEW}, "The 1 verdict as published."),
    ],
)
def test_a_sentence_says_how_the_verdicts_stand_to_the_published(
    standings: dict[str, Standing], told: str
) -> None:
    """Of those that were published; where none was, nothing is said."""
    assert verdicts.standing(CLAIMS, standings) == told

"""A declaration's digest: what is declared changes it, how it is written down does not."""

import ast
from dataclasses import replace
from typing import Any

import pytest

from analysis.claims import testing
from analysis.claims.against import declared
from analysis.claims.deciding import Level
from build import ROOT
from tests.made.results.claimed import DECLARED

CLAIM = DECLARED["glorot-is-later"]
SOURCE = ROOT / "analysis" / "claims" / "experiments" / "deep" / "depth.py"


def test_every_claim_has_a_digest_of_its_own() -> None:
    """And the same one each time."""
    first, second = (
        [declared.digest_of(each) for each in testing.declarations()] for _ in range(2)
    )
    assert first == second
    assert len(set(first)) == len(first)
    assert all(len(each) == 64 for each in first)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"}, {"statement": "x"}, {"kind": "slope"}, {"method": "x"},
        {"family": "verification"}, {"unit": "x"},
        {"margin": 0.5}, {"margin": Level(0.5)}, {"experiment": "base"}, {"expects": 0.5},
        {"predicate": DECLARED["optimizer-softens"].predicate},
    ],
)  # fmt: skip
def test_each_part_of_a_declaration_counts(change: dict[str, Any]) -> None:
    """Another word, number or test makes another digest; the question under which it stands not."""
    before = declared.digest_of(CLAIM)
    assert declared.digest_of(replace(CLAIM, **change)) != before
    assert declared.digest_of(replace(CLAIM, question="Q3b")) == before


def after(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the digest where the module of the claim has another text."""
    module = CLAIM.predicate.__module__
    text = SOURCE.read_text("utf-8")
    assert old in text
    trees, tree = declared._tree, ast.parse(text.replace(old, new))
    for each in (declared._definitions, declared._imported):
        each.cache_clear()
    monkeypatch.setattr(declared, "_tree", lambda name: tree if name == module else trees(name))
    found = declared.digest_of(CLAIM)
    for each in (declared._definitions, declared._imported):
        each.cache_clear()
    return found


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("    part = _slower(times, ", "    # He\n    part  =  _slower(times, ", True),
        ('"""Glorot\'s steps to half accuracy over He\'s', '"""The steps', True),
        ("column: str, margin: float) -> Part", "column: object, margin: float) -> Part", True),
        ("SHALLOWER, DEEP, DEEPEST = 20, 30, 50", "SHALLOWER, DEEP, DEEPEST = 20, 31, 50", False),
        ("evidence.accuracy(TRAINED)", "evidence.accuracy(MARGIN)", False),
        ("above(gap, math.log(margin))", "above(gap, margin)", False),
        ('ahead(runs, "Adam", "SGD"', 'ahead(runs, "SGD", "Adam"', True),
    ],
)  # fmt: skip
def test_a_line_break_changes_nothing_another_threshold_does(
    old: str, new: str, same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comments, docstrings, types and other claims are no part of it; what the test calls is."""
    before = declared.digest_of(CLAIM)
    assert (after(old, new, monkeypatch) == before) is same


def test_a_shared_rule_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A level or a rule in a module that all claims share belongs to each that names it."""
    names = {name.rpartition(".")[2] for name in declared._code(CLAIM)}
    assert {"TRAINED", "above", "joint", "MIN_SEEDS", "_slower", "DEEP"} <= names
    assert "STALLED" not in names
